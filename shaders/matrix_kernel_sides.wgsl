// Tangent kernels of matrix models on dense measurements, from what matrix_sides.wgsl leaves:
//
//   K[slot, i, j] = factor sum over pairs of <P A_i, A_j Q>
//
//   sides [slots, samples, pairs, 2, inputs]   K [slots, samples, samples]
//
// `sides` holds some slots, the first of which is slot `slot` of K. An invocation owns an entry on or below the diagonal
// (x: column, y: row) of one of them (z), and its mirror image.
// |error| <= gamma(pairs inputs + 1) of the sum of absolute terms.

struct Params {
  samples: u32,
  inputs: u32,
  slot: u32,
  pairs: u32,
  factor: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sides: array<f32>;
@group(0) @binding(2) var<storage, read_write> K: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let N = params.samples;
  if (id.x > id.y || id.y >= N) {
    return;
  }
  let length = 2 * params.pairs * params.inputs;
  let left = (id.z * N + id.y) * length;
  let right = (id.z * N + id.x) * length + params.inputs;
  var sum = 0.0;
  for (var pair = 0u; pair < params.pairs; pair++) {
    for (var i = 0u; i < params.inputs; i++) {
      let at = 2 * pair * params.inputs + i;
      sum += sides[left + at] * sides[right + at];
    }
  }
  let value = params.factor * sum;
  let first = (params.slot + id.z) * N;
  K[(first + id.y) * N + id.x] = value;
  K[(first + id.x) * N + id.y] = value;
}
