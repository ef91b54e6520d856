// How far diagonal networks have strayed from what the gradient flow conserves:  out = I / I(0) - 1
//
//   I = w+ + w- (D = 1), w+ w- (D = 2), w+^(2-D) + w-^(2-D) (D >= 3); out [runs, inputs]
//
// The state holds a and, from PLUS on, w+ and w-; with PLUS = 0 it is that of copies that start apart: a+, a- and the
// displacements. A few roundings an entry: drifts below about 1e-6 are not resolved.

// use own_input

override DEPTH: u32 = 2;
override PLUS: u32 = 3;

@group(0) @binding(3) var<storage, read_write> out: array<f32>;

// w^(2-D) over a^(2-D), for D >= 3.
fn share(w: f32, a: f32) -> f32 {
  let ratio = a / w;
  var power = 1.0;
  for (var i = 2u; i < DEPTH; i++) {
    power *= ratio;
  }
  return power;
}

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  var a = vec2f(state[at], state[at]);
  var w = vec2f();
  if (PLUS == 0) {
    a.y = state[at + n];
    w = a + vec2f(state[at + 2 * n], state[at + 3 * n]);
  } else {
    w = vec2f(state[at + PLUS * n], state[at + (PLUS + 1) * n]);
  }
  var drift: f32;
  if (DEPTH == 1) {
    drift = (w.x + w.y) / (a.x + a.y) - 1.0;
  } else if (DEPTH == 2) {
    drift = (w.x / a.x) * (w.y / a.y) - 1.0;
  } else {
    // Shares of the two terms at the start.
    let weight = 1.0 / (1.0 + share(a.y, a.x));
    drift = weight * share(w.x, a.x) + (1.0 - weight) * share(w.y, a.y) - 1.0;
  }
  out[run * n + i] = drift;
}
