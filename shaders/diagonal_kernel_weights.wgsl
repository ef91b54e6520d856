// Weights of the tangent kernel's change for diagonal networks whose copies start equal:
//
//   K - K0 = A^2 D^2 X diag(E) X^T,  E = w+^(2D-2) + w-^(2D-2) - 2 a^(2D-2)
//   out[run, i] = E_i * factor[run]: the change relative to K0's largest weight
//
// E is a sum of products of displacements, as in diagonal_descent.wgsl. An invocation owns one input (x) of one run
// (y: entry of the tile table).

struct Params {
  inputs: u32,
  channels: u32,
}

override DEPTH: u32 = 2;
override FIELDS: u32 = 3;

const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> factor: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = params.inputs;
  if (id.x >= n) {
    return;
  }
  let run = singles[id.y * TILE + 4] / params.channels;
  let at = run * FIELDS * n + id.x;
  let a = state[at];
  let d = state[at + n];
  let s = state[at + 2 * n];
  var change: f32;
  if (DEPTH == 2) {
    change = 2.0 * a * s + 0.5 * (d * d + s * s);
  } else {
    let m = a + 0.5 * s;
    let q = (0.5 * d) * (0.5 * d);
    // m^k, even part less m^k, odd part, sum of m^i a^(k-1-i), a^k: see diagonal_descent.wgsl.
    var m_k = 1.0;
    var F = 0.0;
    var O = 0.0;
    var rise = 0.0;
    var a_k = 1.0;
    for (var k = 0u; k < 2 * (DEPTH - 1); k++) {
      let F1 = m * F + q * O;
      O = m * O + (m_k + F);
      F = F1;
      rise = m * rise + a_k;
      m_k *= m;
      a_k *= a;
    }
    change = s * rise + 2.0 * F;
  }
  out[run * n + id.x] = change * factor[run];
}
