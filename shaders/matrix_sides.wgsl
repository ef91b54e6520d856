// What tangent kernels of matrix models on dense measurements are products of: P A_i and A_i Q, of every pair of Gram
// matrices P and Q of factors; with CROSSED (A_i + A_i^T) Q.
//
//   X [data, samples, rows, columns]: the A_i   pairs, work as in matrix_kernel.wgsl
//   sides [slots, samples, pairs, 2, rows, columns]
//
// An invocation owns an entry (x) of one measurement (y) of a slot (z), of all pairs. |error| <= gamma(rows or columns + 1)
// of the sum of absolute terms.

// use tile

struct Params {
  samples: u32,
  channels: u32,
  first: u32,
  size: u32,
  rows: u32,
  columns: u32,
  pairs: u32,
}

override CROSSED: bool = false;

const NONE = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> pairs: array<u32>;
@group(0) @binding(4) var<storage, read> work: array<f32>;
@group(0) @binding(5) var<storage, read_write> sides: array<f32>;

// Entry (a, b) of A_i, or of its sum with its transpose.
fn measured(at: u32, a: u32, b: u32, both: bool) -> f32 {
  var value = X[at + a * params.columns + b];
  if (both) {
    value += X[at + b * params.columns + a];
  }
  return value;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let inputs = params.rows * params.columns;
  if (id.x >= inputs) {
    return;
  }
  let tile = (params.first + id.z) * TILE;
  let base = run_tiles[tile + 4] / params.channels * params.size;
  let at = (run_tiles[tile] * params.samples + id.y) * inputs;
  let a = id.x / params.columns;
  let b = id.x % params.columns;
  for (var pair = 0u; pair < params.pairs; pair++) {
    let P = pairs[2 * pair];
    let Q = pairs[2 * pair + 1];
    var left = 0.0;
    var right = 0.0;
    if (P == NONE) {
      left = measured(at, a, b, false);
    } else {
      for (var k = 0u; k < params.rows; k++) {
        left += work[base + P + a * params.rows + k] * measured(at, k, b, false);
      }
    }
    if (Q == NONE) {
      right = measured(at, a, b, CROSSED);
    } else {
      for (var k = 0u; k < params.columns; k++) {
        right += measured(at, a, k, CROSSED) * work[base + Q + k * params.columns + b];
      }
    }
    let place = (((id.z * params.samples + id.y) * params.pairs + pair) * 2) * inputs + id.x;
    sides[place] = left;
    sides[place + inputs] = right;
  }
}
