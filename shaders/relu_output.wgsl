// Outputs of ReLU networks, their losses and slopes:  f = A (h(w) - h(w'))  or  A h(w), from changes since w(0)
//
//   base [runs, units, samples], z [runs, copies, units, capacity]: the last rows are the output's start and change
//   y [targets, samples]   linear [runs, capacity]: with TWIN, fbar - f0 of the linearized model
//   signal [rows, capacity], `channels` rows a run: 0: square root of the sample's loss; 1: dL/df; 2: f; with TWIN
//   3: f - fbar; 4, 5: rows 0 and 1 of the linearized model
//
// Two copies start alike, so that f0 = 0 and f is the difference of their changes. SUBTRACT: f less f0 is the model. Squared loss (f - y)^2; LOGISTIC:
// max(0, -z) + log1p(exp(-|z|)), z = y f. log1p(t) for t <= 1 is 2 atanh(t / (2 + t)), a series of 13 terms for
// |t| <= 1/3, so that a small loss keeps its digits. Squared: 4 roundings of the largest term an entry.
//
// An invocation owns one sample (x) of one run (y: entry of the tile table).

struct Params {
  samples: u32,
  channels: u32,
  capacity: u32,
  streams: u32,
  copies: u32,
  units: u32,
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

override SHUFFLED: bool = false;
override LOGISTIC: bool = false;
override TWIN: bool = false;
override SUBTRACT: bool = false;

const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> y: array<f32>;
@group(0) @binding(7) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(8) var<storage, read> linear: array<f32>;
@group(0) @binding(9) var<storage, read_write> signal: array<f32>;

// The sample in place j of the batch; places past its end repeat the last.
fn sample_of(stream: u32, j: u32) -> u32 {
  let place = step.start + min(j, step.size - 1);
  if (SHUFFLED) {
    return order[(step.order * params.streams + stream) * params.samples + place];
  }
  return place;
}

// log(1 + t), 0 <= t <= 1.
fn log1p(t: f32) -> f32 {
  let s = t / (2.0 + t);
  let q = s * s;
  var sum = 0.0;
  for (var k = 25.0; k >= 1.0; k -= 2.0) {
    sum = sum * q + 1.0 / k;
  }
  return 2.0 * s * sum;
}

// Never a comparison with NaN, which a compiler may assume away.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// Root of the loss, its slope: of the output `first + change`. Of one that is not finite neither is: a logistic loss would be
// satisfied with infinity.
fn judged(first: f32, change: f32, label: f32) -> vec2f {
  if (LOGISTIC) {
    let output = first + change;
    let z = label * output;
    let small = exp(-abs(z));
    let slope = -label * select(1.0, small, z >= 0.0) / (1.0 + small);
    return select(vec2f(output), vec2f(sqrt(max(0.0, -z) + log1p(small)), slope), is_finite(output));
  }
  let residual = (first - label) + change;
  return vec2f(residual, 2.0 * residual);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let j = id.x;
  if (j >= step.size) {
    return;
  }
  let tile = id.y * TILE;
  let row = singles[tile + 4];
  let run = row / params.channels;
  let sample = sample_of(singles[tile + 2], j);
  let label = y[singles[tile + 1] * params.samples + sample];
  let A = runs[run].output_scale;
  let top = params.units - 1;
  let own = run * params.copies * params.units + top;
  var change = z[own * params.capacity + j];
  var first = 0.0;
  if (params.copies == 2) {
    change -= z[(own + params.units) * params.capacity + j];
  } else if (!SUBTRACT) {
    first = A * base[(run * params.units + top) * params.samples + sample];
  }
  change *= A;
  let at = row * params.capacity + j;
  let model = judged(first, change, label);
  signal[at] = model.x;
  signal[at + params.capacity] = model.y;
  signal[at + 2 * params.capacity] = first + change;
  if (TWIN) {
    let moved = linear[run * params.capacity + j];
    let twin = judged(first, moved, label);
    signal[at + 3 * params.capacity] = change - moved;
    signal[at + 4 * params.capacity] = twin.x;
    signal[at + 5 * params.capacity] = twin.y;
  }
}
