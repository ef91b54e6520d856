// diagonal_predictor.wgsl for copies that start apart:
// beta and gamma as diagonal_split_descent.wgsl leaves them.

// use own_input
// use run_parameters

override DEPTH: u32 = 2;
override GAP: u32 = 0;

@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read_write> beta: array<f32>;

// rise_D, bend_D and a^(D-1).
fn growth(a: f32, displacement: f32) -> vec3f {
  let w = a + displacement;
  var rise = 0.0;
  var bend = 0.0;
  var power = 1.0;
  var base = 1.0;
  for (var i = 0u; i < DEPTH; i++) {
    bend = a * bend + rise;
    rise = w * rise + power;
    base = power;
    power *= a;
  }
  return vec3f(rise, bend, base);
}

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  let p = state[at + 2 * n];
  let m = state[at + 3 * n];
  let plus = growth(state[at], p);
  let minus = growth(state[at + n], m);
  let A = runs[run].output_scale;
  beta[run * params.channels * n + i] = A * (p * plus.x - m * minus.x);
  if (GAP != 0) {
    let bent = p * p * plus.y - m * m * minus.y;
    let slope = plus.z * state[at + GAP * n] - minus.z * state[at + (GAP + 1) * n];
    beta[(run * params.channels + 1) * n + i] = A * (bent + f32(DEPTH) * slope);
  }
}
