// Vectors whose norms give those of a diagonal network's weights, in the run's units:
//
//   u = w+ + w- = 2a + k^2 s,  v = max(|u|, |w+ - w-|), w+ - w- = k d (state and k as in diagonal_descent.wgsl)
//   |w|_1 = sum v   |w|_2^2 = (|u|_2^2 + |w+ - w-|_2^2) / 2   out [runs, 2, inputs]: u, then v
//
// An invocation owns one input (x) of one run (y: entry of the tile table).

// use run_parameters
// use tile

struct Params {
  inputs: u32,
  channels: u32,
}

override FIELDS: u32 = 3;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = params.inputs;
  if (id.x >= n) {
    return;
  }
  let run = singles[id.y * TILE + 4] / params.channels;
  let at = run * FIELDS * n + id.x;
  let k = runs[run].displacement;
  let sum = 2.0 * state[at] + k * k * state[at + 2 * n];
  out[2 * run * n + id.x] = sum;
  out[(2 * run + 1) * n + id.x] = max(abs(sum), abs(k * state[at + n]));
}
