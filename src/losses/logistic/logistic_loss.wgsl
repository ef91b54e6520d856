// use finite
// use log1p

// Root and slope of log(1 + exp(-z)) = max(0, -z) + log1p(exp(-|z|)), z = y f, f = first + change: a small loss keeps its digits.

// An output that is not finite is its own loss and slope: infinity would satisfy a logistic loss.
fn logistic_loss(first: f32, change: f32, label: f32) -> vec2f {
  let output = first + change;
  let z = label * output;
  let small = exp(-abs(z));
  let slope = -label * select(1.0, small, z >= 0.0) / (1.0 + small);
  return select(vec2f(output), vec2f(sqrt(max(0.0, -z) + log1p(small)), slope), is_finite(output));
}
