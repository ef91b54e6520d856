// Tangent kernels in their own units, from their start and their change:  K[run] = (K0 + k^2 change) unit[run]
//
//   change [slots, samples, samples]: K - K0 over k^2 and the unit   start [starts, samples, samples]: K0 over the unit
//   K [runs, samples, samples]   k = `displacement`
//
// An invocation owns a column (x) of PER_INVOCATION rows (y) of one run (z: slot), and reads what their entries share once. Three
// roundings an entry.

// use run_parameters
// use tile

struct Params {
  samples: u32,
  channels: u32,
  first: u32,
}

override LANES: u32 = 64;
override PER_INVOCATION: u32 = 1;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> change: array<f32>;
@group(0) @binding(3) var<storage, read> start: array<f32>;
@group(0) @binding(4) var<storage, read> start_of: array<u32>;
@group(0) @binding(5) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(6) var<storage, read_write> K: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let N = params.samples;
  if (id.x >= N) {
    return;
  }
  let run = run_tiles[(params.first + id.z) * TILE + 4] / params.channels;
  let k = runs[run].displacement;
  let unit = runs[run].kernel_unit;
  let at = start_of[run] * N * N;
  let end = min(N, (id.y + 1) * PER_INVOCATION) * N;
  for (var entry = id.y * PER_INVOCATION * N + id.x; entry < end; entry += N) {
    K[run * N * N + entry] = (start[at + entry] + k * k * change[id.z * N * N + entry]) * unit;
  }
}
