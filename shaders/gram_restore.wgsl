// Tangent kernels in their own units, from their start and their change:  K[run] = (K0 + change) unit[run]
//
//   change [slots, samples, samples]   start [starts, samples, samples]   K [runs, samples, samples]
//
// An invocation owns one entry (x) of one run (y: slot). Two roundings an entry.

struct Params {
  entries: u32,
  channels: u32,
  first: u32,
}

struct RunParameters {
  rate: f32,
  output_scale: f32,
  decay: f32,
  invariant_decay: f32,
  stop_loss: f32,
  kernel_unit: f32,
}

const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> change: array<f32>;
@group(0) @binding(3) var<storage, read> start: array<f32>;
@group(0) @binding(4) var<storage, read> start_of: array<u32>;
@group(0) @binding(5) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(6) var<storage, read_write> K: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.entries) {
    return;
  }
  let run = singles[(params.first + id.y) * TILE + 4] / params.channels;
  let value = start[start_of[run] * params.entries + id.x] + change[id.y * params.entries + id.x];
  K[run * params.entries + id.x] = value * runs[run].kernel_unit;
}
