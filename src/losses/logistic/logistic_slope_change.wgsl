// The slope of log(1 + exp(-z)), z = y f, at f less that at f - change, with the digits of a small change:
//
//   y 2 sinh(d/2) / (2 cosh(z/2) 2 cosh((z - d)/2)) 2,   d = y change;   of a large one, the difference of the two tails
//
// sinh is a series up to |d| = 1. Relative error as that of a slope: <= gamma(60) where |z| <= 18.

fn tail_of(x: f32) -> f32 {
  let small = exp(-abs(x));
  return select(1.0, small, x >= 0.0) / (1.0 + small);
}

fn logistic_slope_change(output: f32, change: f32, label: f32) -> f32 {
  let z = label * output;
  let d = label * change;
  let before = z - d;
  if (abs(d) <= 1.0) {
    let q = d * d;
    let twice_sinh = d * (1.0 + q * (1.0 / 24.0 + q * (1.0 / 1920.0 + q * (1.0 / 322560.0))));
    let shrunk = exp(-0.5 * (abs(z) + abs(before)));
    return label * twice_sinh * shrunk / ((1.0 + exp(-abs(z))) * (1.0 + exp(-abs(before))));
  }
  return label * select(tail_of(-z) - tail_of(-before), tail_of(before) - tail_of(z), z + before >= 0.0);
}
