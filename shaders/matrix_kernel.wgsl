// Tangent kernels of matrix models on entries (a, b) of the matrix, from Gram matrices of factors alone:
//
//   K[slot, i, j] = factor sum over pairs of P[a_i, a_j] Q[b_i, b_j], and with CROSSED P[a_i, b_j] Q[b_i, a_j] besides
//
//   cells [data, samples]: row-major places (a, b)   pairs [., 2]: where P and Q begin in a run's numbers, NONE: the identity
//   work [runs, size]   K [slots, samples, samples]
//
// An invocation owns an entry on or below the diagonal (x: column, y: row) of a slot (z), and its mirror image.
// |error| <= gamma(2 pairs + 2) of the sum of absolute terms.

// use tile

struct Params {
  samples: u32,
  channels: u32,
  // Entry of the tile table that the first slot is.
  first: u32,
  size: u32,
  rows: u32,
  columns: u32,
  pairs: u32,
  factor: f32,
}

override CROSSED: bool = false;

const NONE = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> cells: array<u32>;
@group(0) @binding(3) var<storage, read> pairs: array<u32>;
@group(0) @binding(4) var<storage, read> work: array<f32>;
@group(0) @binding(5) var<storage, read_write> K: array<f32>;

// Entry (i, j) of a symmetric matrix.
fn entry_of(base: u32, at: u32, size: u32, i: u32, j: u32) -> f32 {
  if (at == NONE) {
    return f32(i == j);
  }
  return work[base + at + i * size + j];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let N = params.samples;
  if (id.x > id.y || id.y >= N) {
    return;
  }
  let tile = (params.first + id.z) * TILE;
  let base = run_tiles[tile + 4] / params.channels * params.size;
  let cell = cells[run_tiles[tile] * N + id.y];
  let other = cells[run_tiles[tile] * N + id.x];
  let a = cell / params.columns;
  let b = cell % params.columns;
  let c = other / params.columns;
  let d = other % params.columns;
  var sum = 0.0;
  for (var pair = 0u; pair < params.pairs; pair++) {
    let P = pairs[2 * pair];
    let Q = pairs[2 * pair + 1];
    sum += entry_of(base, P, params.rows, a, c) * entry_of(base, Q, params.columns, b, d);
    if (CROSSED) {
      sum += entry_of(base, P, params.rows, a, d) * entry_of(base, Q, params.columns, b, c);
    }
  }
  let value = params.factor * sum;
  K[(id.z * N + id.y) * N + id.x] = value;
  K[(id.z * N + id.x) * N + id.y] = value;
}
