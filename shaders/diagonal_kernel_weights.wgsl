// Weights of the tangent kernel's change for diagonal networks whose copies start equal:
//
//   K - K0 = A^2 D^2 X diag(k^2 E) X^T,  k^2 E = w+^(2D-2) + w-^(2D-2) - 2 a^(2D-2)
//   out[run, i] = E_i * factor[run]: the change over k^2, relative to K0's largest weight
//
// State and k = `displacement` as in diagonal_descent.wgsl: E is a sum of products of displacements.

// use own_input
// use run_parameters

override DEPTH: u32 = 2;

@group(0) @binding(3) var<storage, read> factor: array<f32>;
@group(0) @binding(4) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  let a = state[at];
  let d = state[at + n];
  let s = state[at + 2 * n];
  let k = runs[run].displacement;
  let k2 = k * k;
  var change: f32;
  if (DEPTH == 2) {
    change = 2.0 * a * s + 0.5 * (d * d + k2 * s * s);
  } else {
    let m = a + 0.5 * (k2 * s);
    let q = (0.5 * d) * (0.5 * d);
    // `Powers` of diagonal_descent.wgsl.
    var m_K = 1.0;
    var F = 0.0;
    var O = 0.0;
    var rise = 0.0;
    var a_K = 1.0;
    for (var i = 0u; i < 2 * (DEPTH - 1); i++) {
      let F1 = m * F + q * O;
      O = m * O + (m_K + k2 * F);
      F = F1;
      rise = m * rise + a_K;
      m_K *= m;
      a_K *= a;
    }
    change = s * rise + 2.0 * F;
  }
  out[run * n + i] = change * factor[run];
}
