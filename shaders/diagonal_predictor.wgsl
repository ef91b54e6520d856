// Linear predictors of diagonal networks from their state, as diagonal_descent.wgsl leaves them after each step.
//
//   state [runs, FIELDS, inputs] and k = `displacement` as there; A' = output_scale
//   beta [rows, inputs]: A' d O_D and, with a twin, gamma = A' (D a^(D-1) e + d (D H_(D-1) + O3_D))

// use own_input
// use run_parameters

override DEPTH: u32 = 2;
override GAP: u32 = 0;

@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read_write> beta: array<f32>;

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  let a = state[at];
  let d = state[at + n];
  let s = state[at + 2 * n];
  let A = runs[run].output_scale;
  let k = runs[run].displacement;
  let k2 = k * k;
  let m = a + 0.5 * (k2 * s);
  let q = (0.5 * d) * (0.5 * d);
  // `Powers` of diagonal_descent.wgsl; base and rise belong to the power before the last.
  var m_K = 1.0;
  var F = 0.0;
  var O = 0.0;
  var O3 = 0.0;
  var rise = 0.0;
  var base = 1.0;
  for (var i = 0u; i < DEPTH; i++) {
    let F1 = m * F + q * O;
    O3 = m * O3 + F;
    O = m * O + (m_K + k2 * F);
    F = F1;
    m_K *= m;
    if (i + 1 < DEPTH) {
      rise = m * rise + base;
      base *= a;
    }
  }
  beta[run * params.channels * n + i] = A * (d * O);
  if (GAP != 0) {
    let D = f32(DEPTH);
    let gap = D * base * state[at + GAP * n] + d * (D * (0.5 * s * rise) + O3);
    beta[(run * params.channels + 1) * n + i] = A * gap;
  }
}
