// Weights of diagonal networks f(x) = A <w+^D - w-^D, x> whose copies start equal, w+(0) = w-(0) = a, and one descent step of
// them, of the linearized twin and of the flow's conserved quantity: of one input, or of four at once (`Number` is a module's,
// scalar.wgsl or vector.wgsl).
//
// Weights are counted in a power of two near alpha, and with k = `displacement`, a power of two near the size that w+ - w- takes
// in those units when beta is near 1, the state holds
//
//   state [runs, FIELDS, inputs]: a; d = (w+ - w-) / k; s = (w+ + w- - 2a) / k^2;
//         GAP e = (w+ - w- less the twin's) / k^3; GAP_SUM (w+ + w- less the twin's) / k^2 (with an l2 penalty, k = 1);
//         INVARIANT I/I(0) - 1; EFFECTIVE the latest part of ln(a_eff/a), what is before it, and the shift of effective_start.wgsl;
//         AVERAGE the predictors before the updates so far added up: the latest few, those before, and how many they are
//
// all near 1 at any alpha and depth, where plain weights would leave no digit and plain displacements underflow.
//
//   beta [rows, inputs]: beta = A' d O_D and, with a twin, gamma: h = X gamma; A' = output_scale
//   g = rate X^T r, q = rate X^T h
//   d <- d - D g (2 a^(D-1) + k^2 E_(D-1)) - decay d
//   s <- s - D g d O_(D-1)                 - decay (2a + s)
//   e <- e - 2 D a^(D-1) q - D g E_(D-1)   - decay e
//   gamma = A' (D a^(D-1) e + d (D H_(D-1) + O3_D))
//
// with E, H, O, O3 the sums of one sign of `Powers`: nothing large is subtracted from its like (Woodworth et al. 2020,
// eq. 3, in displaced coordinates).

// use effective_start
// use run_parameters
// use second_order

override DEPTH: u32 = 2;
override FIELDS: u32 = 3;
// Places of the optional fields in the state; 0 where there is none.
override GAP: u32 = 0;
override GAP_SUM: u32 = 0;
override INVARIANT: u32 = 0;
override EFFECTIVE: u32 = 0;
override AVERAGE: u32 = 0;
override DECAY: bool = false;

// Powers of w+ = m + k d/2 and w- = m - k d/2 split into terms of one sign, for the power K, with q = (d/2)^2:
//   m^K;  F: (even part less m^K) / k^2;  O: w+^K - w-^K = k d O;  O3: (O less K m^(K-1)) / k^2;
//   rise: sum over i < K of m^i a^(K-1-i), so that m^K - a^K = (m - a) rise;  a^K
struct Powers {
  m: Number,
  F: Number,
  O: Number,
  O3: Number,
  rise: Number,
  a: Number,
}

fn next(p: Powers, m: Number, q: Number, a: Number, k2: f32) -> Powers {
  return Powers(m * p.m, m * p.F + q * p.O, m * p.O + (p.m + k2 * p.F), m * p.O3 + p.F, m * p.rise + p.a, a * p.a);
}

fn powers(K: u32, m: Number, q: Number, a: Number, k2: f32) -> Powers {
  var p = Powers(Number(1.0), Number(), Number(), Number(), Number(), Number(1.0));
  for (var i = 0u; i < K; i++) {
    p = next(p, m, q, a, k2);
  }
  return p;
}

// A sum in two parts, so that a million terms round as a thousand do.
struct Average {
  recent: Number,
  sum: Number,
  count: Number,
}

const RECENT_TERMS = 256.0;

fn averaged(before: Average, value: Number) -> Average {
  let recent = before.recent + value;
  let count = before.count + 1.0;
  let full = fract(count / RECENT_TERMS) == Number();
  return Average(select(recent, Number(), full), select(before.sum, before.sum + recent, full), count);
}

// What is stored, and the predictors.
struct Weights {
  a: Number,
  d: Number,
  s: Number,
  e: Number,
  gap_sum: Number,
  invariant: Number,
  effective: EffectiveStart,
  average: Average,
  beta: Number,
  gamma: Number,
}

fn overflows(own: Weights) -> bool {
  return !(is_held(own.d) && is_held(own.s));
}

// m = (w+ + w-) / 2, a^(D-1), and O and E of the power D - 1.
struct Slopes {
  m: Number,
  base: Number,
  O: Number,
  E: Number,
}

fn slopes_of(own: Weights, k2: f32) -> Slopes {
  let m = own.a + 0.5 * (k2 * own.s);
  if (DEPTH == 2) {
    return Slopes(m, own.a, Number(1.0), own.s);
  }
  let p = powers(DEPTH - 1, m, (0.5 * own.d) * (0.5 * own.d), own.a, k2);
  return Slopes(m, p.a, p.O, own.s * p.rise + 2.0 * p.F);
}

fn decay_of(numbers: RunParameters) -> f32 {
  if (DECAY) {
    return numbers.decay;
  }
  return 0.0;
}

// I/I(0) - 1 after a step; Dg is D g.
fn conserved(numbers: RunParameters, own: Weights, m: Number, Dg: Number) -> Number {
  let k = numbers.displacement;
  var grown = own.invariant;
  var kept = 1.0;
  if (DECAY) {
    kept = 1.0 / (1.0 - numbers.decay);
  }
  if (DEPTH == 2) {
    let x = kept * (k * Dg);
    grown = own.invariant - x * x * (1.0 + own.invariant);
  } else if (DEPTH > 2) {
    var plus = k * Dg;
    var minus = k * Dg;
    var unit = 0.5 * (k * Dg);
    for (var i = 2u; i < DEPTH; i++) {
      plus *= m + 0.5 * (k * own.d);
      minus *= m - 0.5 * (k * own.d);
      unit *= own.a;
    }
    grown = own.invariant + kept * unit * (second_order(kept * plus) - second_order(-kept * minus));
  }
  if (DECAY) {
    grown += numbers.invariant_decay * (1.0 + grown);
  }
  return grown;
}

// After one step; gradient_sum and gap_sum are sums over the batch, X^T r and X^T h, and rate is times the batch's scale.
fn descended(numbers: RunParameters, rate: f32, own: Weights, gradient_sum: Number, gap_sum: Number) -> Weights {
  let A = numbers.output_scale;
  let k = numbers.displacement;
  let k2 = k * k;
  let a = own.a;
  let d = own.d;
  let s = own.s;
  let g = rate * gradient_sum;
  let decay = decay_of(numbers);
  let slopes = slopes_of(own, k2);
  let D = f32(DEPTH);
  let Dg = D * g;
  var d1 = d - Dg * (2.0 * slopes.base + k2 * slopes.E);
  var s1 = s - Dg * (d * slopes.O);
  if (DECAY) {
    d1 -= decay * d;
    s1 -= decay * (2.0 * a + s);
  }
  var after = own;
  after.d = d1;
  after.s = s1;
  if (INVARIANT != 0) {
    after.invariant = conserved(numbers, own, slopes.m, Dg);
  }
  if (AVERAGE != 0) {
    after.average = averaged(own.average, own.beta);
  }
  if (EFFECTIVE != 0) {
    after.effective = started(own.effective, k * Dg, decay, numbers.invariant_decay);
  }

  // The predictor of the next step.
  let m1 = a + 0.5 * (k2 * s1);
  var O1: Number;
  var rest: Number;
  if (DEPTH == 2) {
    O1 = 2.0 * m1;
    rest = s1;
  } else {
    let quarter1 = (0.5 * d1) * (0.5 * d1);
    let p = powers(DEPTH - 1, m1, quarter1, a, k2);
    let p1 = next(p, m1, quarter1, a, k2);
    O1 = p1.O;
    rest = D * (0.5 * s1 * p.rise) + p1.O3;
  }
  after.beta = A * (d1 * O1);

  if (GAP != 0) {
    var e1 = own.e - 2.0 * D * slopes.base * (rate * gap_sum) - Dg * slopes.E;
    if (DECAY) {
      e1 -= decay * own.e;
    }
    after.e = e1;
    after.gamma = A * (D * slopes.base * e1 + d1 * rest);
    if (GAP_SUM != 0) {
      after.gap_sum = own.gap_sum - decay * own.gap_sum - Dg * (d * slopes.O);
    }
  }
  return after;
}
