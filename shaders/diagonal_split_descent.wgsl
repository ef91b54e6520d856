// diagonal_descent.wgsl for copies that start apart, w+(0) = a+ and w-(0) = a-: each weight keeps its own displacement.
//
//   state [runs, FIELDS, inputs]: a+, a-; displacements p = w+ - a+, m = w- - a-; from GAP on, the displacements less
//         the linearized twin's; INVARIANT I/I(0) - 1
//   beta [rows, inputs]: A (w+^D - a+^D - w-^D + a-^D) and, with a twin, gamma: f - fbar = X gamma
//   The targets are those less the model's output at the start.
//
//   w^k - a^k = (w - a) rise_k          rise_k  = sum over i < k of w^i a^(k-1-i)
//   its part beyond first order = (w - a)^2 bend_k   bend_k = sum over i < k of rise_i a^(k-1-i)
//   w+ <- w+ - D w+^(D-1) g - decay w+,  w- <- w- + D w-^(D-1) g - decay w-,  each as a change of its displacement

// use descent_update
// use scalar
// use second_order

override DEPTH: u32 = 2;
override FIELDS: u32 = 4;
override GAP: u32 = 0;
override INVARIANT: u32 = 0;
override DECAY: bool = false;

// Of the power k: rise_k, bend_k and a^k.
struct Growth {
  rise: f32,
  bend: f32,
  a: f32,
}

fn growth(k: u32, a: f32, displacement: f32) -> Growth {
  var grown = Growth(0.0, 0.0, 1.0);
  let w = a + displacement;
  for (var i = 0u; i < k; i++) {
    grown = Growth(w * grown.rise + grown.a, a * grown.bend + grown.rise, a * grown.a);
  }
  return grown;
}

fn descend(run: Run, i: u32, gradient_sum: f32, gap_sum: f32) {
  let n = run.inputs;
  let at = run.state + i;
  let a = vec2f(state[at], state[at + n]);
  let moved = vec2f(state[at + 2 * n], state[at + 3 * n]);
  let rate = run.rate;
  let A = run.numbers.output_scale;
  let D = f32(DEPTH);
  let Dg = D * (rate * gradient_sum);
  var decay = 0.0;
  if (DECAY) {
    decay = run.numbers.decay;
  }
  let plus = growth(DEPTH - 1, a.x, moved.x);
  let minus = growth(DEPTH - 1, a.y, moved.y);
  let base = vec2f(plus.a, minus.a);
  let change = moved * vec2f(plus.rise, minus.rise);
  let direction = vec2f(-Dg, Dg);
  if (FLOW) {
    let slope = direction * (base + change) - decay * (a + moved);
    beta[at + 2 * n] = slope.x;
    beta[at + 3 * n] = slope.y;
    if (GAP != 0) {
      let gap = vec2f(state[at + GAP * n], state[at + (GAP + 1) * n]);
      let bent = direction * change + vec2f(-D, D) * base * (rate * gap_sum) - decay * gap;
      beta[at + GAP * n] = bent.x;
      beta[at + (GAP + 1) * n] = bent.y;
    }
    return;
  }
  let next = moved + direction * (base + change) - decay * (a + moved);
  if (!(is_finite(next.x) && is_finite(next.y))) {
    end_diverged(run);
  }
  state[at + 2 * n] = next.x;
  state[at + 3 * n] = next.y;

  if (INVARIANT != 0) {
    let drift = state[at + INVARIANT * n];
    var grown = drift;
    var kept = 1.0;
    if (DECAY) {
      kept = 1.0 / (1.0 - decay);
    }
    if (DEPTH == 2) {
      let x = kept * Dg;
      grown = drift - x * x * (1.0 + drift);
    } else if (DEPTH > 2) {
      var x = vec2f(kept * Dg, -kept * Dg);
      var inverse = vec2f(1.0);
      for (var k = 2u; k < DEPTH; k++) {
        x *= a + moved;
        inverse *= a;
      }
      let start = 1.0 / inverse.x + 1.0 / inverse.y;
      grown = drift + kept * Dg * (second_order(x.x) - second_order(x.y)) / start;
    }
    if (DECAY) {
      grown += run.numbers.invariant_decay * (1.0 + grown);
    }
    state[at + INVARIANT * n] = grown;
  }

  let plus1 = growth(DEPTH, a.x, next.x);
  let minus1 = growth(DEPTH, a.y, next.y);
  beta[run.beta + i] = A * (next.x * plus1.rise - next.y * minus1.rise);

  if (GAP != 0) {
    let gap = vec2f(state[at + GAP * n], state[at + (GAP + 1) * n]);
    let slope = vec2f(-D, D) * base * (rate * gap_sum);
    let gap1 = gap + direction * change + slope - decay * gap;
    state[at + GAP * n] = gap1.x;
    state[at + (GAP + 1) * n] = gap1.y;
    let bent = next.x * next.x * plus1.bend - next.y * next.y * minus1.bend;
    beta[run.beta + n + i] = A * (bent + D * (base.x * gap1.x - base.y * gap1.y));
  }
}
