// Vectors whose norms give those of a diagonal network's weights, in the run's units:
//
//   u = w+ + w- = 2a + k^2 s,  v = max(|u|, |w+ - w-|), w+ - w- = k d (state and k as in diagonal_descent.wgsl)
//   |w|_1 = sum v   |w|_2^2 = (|u|_2^2 + |w+ - w-|_2^2) / 2   out [runs, 2, inputs]: u, then v
//
// An invocation owns one input (x) of one run (y: entry of the tile table).

struct Params {
  inputs: u32,
  channels: u32,
}

struct RunParameters {
  // 2 (step size) over the output scale, in the run's units.
  rate: f32,
  // beta over the product of displacement and slope, in the run's units.
  output_scale: f32,
  // 2 (step size) l2: what an update takes off each weight.
  decay: f32,
  // What decay alone adds to the conserved quantity, relatively.
  invariant_decay: f32,
  stop_loss: f32,
  // K0's largest weight: tangent kernels are kept relative to it.
  kernel_unit: f32,
  // Unit of w+ - w-, in units of the weights.
  displacement: f32,
}

override FIELDS: u32 = 3;

const TILE = 12u;

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
