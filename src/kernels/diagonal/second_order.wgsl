// ((1 - x)^-k - 1 - k x) / x for k = DEPTH - 2: sums of one sign for |x| < 1.
fn second_order(x: Number) -> Number {
  var P = Number();
  var Q = Number();
  var power = Number(1.0);
  for (var j = 2u; j < DEPTH; j++) {
    Q += power;
    P = (1.0 - x) * P + Q;
    power *= 1.0 - x;
  }
  return x * P / power;
}
