// diagonal_kernel_weights.wgsl for copies that start apart: weights of the tangent kernel's change,
//
//   E = w+^(2D-2) - a+^(2D-2) + w-^(2D-2) - a-^(2D-2),  out[run, i] = E_i * factor[run]
//
// An invocation owns one input (x) of one run (y: entry of the tile table).

// use tile

struct Params {
  inputs: u32,
  channels: u32,
}

override DEPTH: u32 = 2;
override FIELDS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> factor: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

// w^k - a^k = displacement * sum over i < k of w^i a^(k-1-i), with k = 2D - 2.
fn grown(a: f32, displacement: f32) -> f32 {
  let w = a + displacement;
  var rise = 0.0;
  var power = 1.0;
  for (var k = 0u; k < 2 * (DEPTH - 1); k++) {
    rise = w * rise + power;
    power *= a;
  }
  return displacement * rise;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = params.inputs;
  if (id.x >= n) {
    return;
  }
  let run = singles[id.y * TILE + 4] / params.channels;
  let at = run * FIELDS * n + id.x;
  let change = grown(state[at], state[at + 2 * n]) + grown(state[at + n], state[at + 3 * n]);
  out[run * n + id.x] = change * factor[run];
}
