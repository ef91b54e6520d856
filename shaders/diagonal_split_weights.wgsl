// Weights of diagonal networks whose copies start apart:  out [runs, 2, inputs]: w+ = a+ + p, then w- = a- + m
//
// An invocation owns one input (x) of one run (y: entry of the tile table). One rounding an entry.

// use tile

struct Params {
  inputs: u32,
  channels: u32,
}

override FIELDS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = params.inputs;
  if (id.x >= n) {
    return;
  }
  let run = singles[id.y * TILE + 4] / params.channels;
  let at = run * FIELDS * n + id.x;
  out[2 * run * n + id.x] = state[at] + state[at + 2 * n];
  out[(2 * run + 1) * n + id.x] = state[at + n] + state[at + 3 * n];
}
