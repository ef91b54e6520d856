// A step of ReLU networks' weights along their gradients, in displacements from w(0):
//
//   D <- D - rate scale G - decay W,   W = W0 + D
//
//   state [runs, stride]: D of every copy first   gradients, weights [runs, copies, parameters]   start [runs,
//   parameters]: W0, the same for every copy   rate = step size / output scale, scale = 1 / batch size or 1
//   FLOW: the state is not moved; its time derivative, rate and decay those of step size 1, is written to `state`.
//
// An invocation owns one weight (x) of one run (y: entry of the tile table). Five roundings.

struct Params {
  channels: u32,
  // One or two.
  copies: u32,
  stride: u32,
  parameters: u32,
}

struct Step {
  // Updates before this one.
  index: u32,
  // The batch: entries start .. start + size of row `order` of the order table.
  start: u32,
  size: u32,
  order: u32,
  // 1 / size for a mean over the batch, 1 for a sum.
  scale: f32,
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

override FLOW: bool = false;

const TILE = 12u;
const DIVERGED = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read> start: array<f32>;
@group(0) @binding(5) var<storage, read> gradients: array<f32>;
@group(0) @binding(6) var<storage, read_write> state: array<f32>;
@group(0) @binding(7) var<storage, read_write> weights: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(8) var<storage, read_write> horizon: array<atomic<u32>>;

// Never a comparison with NaN, which a compiler may assume away.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let run = singles[id.y * TILE + 4] / params.channels;
  let count = params.copies * params.parameters;
  if (id.x >= count || step.index >= atomicLoad(&horizon[2 * run])) {
    return;
  }
  let at = run * count + id.x;
  let change = -(runs[run].rate * step.scale) * gradients[at] - runs[run].decay * weights[at];
  if (FLOW) {
    state[run * params.stride + id.x] = change;
    return;
  }
  let moved = state[run * params.stride + id.x] + change;
  if (!is_finite(moved)) {
    atomicMin(&horizon[2 * run], step.index + 1);
    atomicMax(&horizon[2 * run + 1], DIVERGED);
  }
  state[run * params.stride + id.x] = moved;
  let place = select(id.x, id.x - params.parameters, id.x >= params.parameters);
  weights[at] = start[run * params.parameters + place] + moved;
}
