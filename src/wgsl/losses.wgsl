// use finite

// Squared and logistic losses of one output.

override LOGISTIC: bool = false;

// log(1 + t), 0 <= t <= 1.
fn log1p(t: f32) -> f32 {
  let s = t / (2.0 + t);
  let q = s * s;
  var sum = 0.0;
  for (var k = 25.0; k >= 1.0; k -= 2.0) {
    sum = sum * q + 1.0 / k;
  }
  return 2.0 * s * sum;
}

// Root of the loss, its slope: of the output `first + change`. Of one that is not finite neither is: a logistic loss would be
// satisfied with infinity.
fn judged(first: f32, change: f32, label: f32) -> vec2f {
  if (LOGISTIC) {
    let output = first + change;
    let z = label * output;
    let small = exp(-abs(z));
    let slope = -label * select(1.0, small, z >= 0.0) / (1.0 + small);
    return select(vec2f(output), vec2f(sqrt(max(0.0, -z) + log1p(small)), slope), is_finite(output));
  }
  let residual = (first - label) + change;
  return vec2f(residual, 2.0 * residual);
}
