// log(1 + t), t >= 0, that keeps the digits of a small t: of t <= 1 it is 2 atanh(t / (2 + t)), a series of 13 terms for
// |t / (2 + t)| <= 1/3.
fn log1p(t: f32) -> f32 {
  if (t > 1.0) {
    return log(1.0 + t);
  }
  let s = t / (2.0 + t);
  let q = s * s;
  var sum = 0.0;
  for (var k = 25.0; k >= 1.0; k -= 2.0) {
    sum = sum * q + 1.0 / k;
  }
  return 2.0 * s * sum;
}
