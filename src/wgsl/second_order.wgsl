// ((1 - x)^-k - 1 - k x) / x for k = DEPTH - 2: sums of one sign for |x| < 1.
fn second_order(x: f32) -> f32 {
  var P = 0.0;
  var Q = 0.0;
  var power = 1.0;
  for (var j = 2u; j < DEPTH; j++) {
    Q += power;
    P = (1.0 - x) * P + Q;
    power *= 1.0 - x;
  }
  return x * P / power;
}
