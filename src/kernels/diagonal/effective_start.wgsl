// The start from which gradient flow would end where descent does, at depth 2 (src/theory/effective-start.ts). A step multiplies w+
// and w- by 1 - g and 1 + g, and
//
//   ln(a_eff/a) = sum of ln|1 - g^2| / 2      shift = sum of ln|(1 - g)/(1 + g)| + 2 g
//
// Decay by mu multiplies both by 1 - mu besides: g is then what it is over 1 - mu. What has been added up lately is kept apart until it
// is no longer small, so that a million small terms round as a thousand do.

struct EffectiveStart {
  recent: Number,
  log_alpha: Number,
  shift: Number,
}

const RECENT = 0.015625;

// ln|1 - q| / 2; by its series where q is small.
fn half_log(q: Number) -> Number {
  let series = -0.5 * q * (1.0 + q * (1.0 / 2.0 + q * (1.0 / 3.0 + q * (1.0 / 4.0 + q * (1.0 / 5.0)))));
  return select(0.5 * log(abs(1.0 - q)), series, abs(q) < Number(0.01));
}

// ln|(1 - g)/(1 + g)| + 2 g
fn shift_of(g: Number) -> Number {
  let q = g * g;
  let series = -2.0 * g * q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0)))));
  return select(log(abs((1.0 - g) / (1.0 + g))) + 2.0 * g, series, q < Number(0.01));
}

// After a step; `shrinking` is (1 - mu)^2 - 1.
fn started(before: EffectiveStart, step_g: Number, mu: f32, shrinking: f32) -> EffectiveStart {
  var g = step_g;
  var recent = before.recent;
  if (DECAY) {
    g = g / (1.0 - mu);
    recent += half_log(Number(-shrinking));
  }
  recent += half_log(g * g);
  let full = abs(recent) > Number(RECENT);
  return EffectiveStart(
    select(recent, Number(), full),
    select(before.log_alpha, before.log_alpha + recent, full),
    before.shift + shift_of(g),
  );
}
