// Outputs of ReLU networks, their losses and slopes:  f = A (h(w) - h(w'))  or  A h(w), from changes since w(0)
//
//   base [runs, units, samples], z [runs, copies, units, capacity]: the last rows are the outputs' start and change
//   y [targets, outputs, samples]   linear [runs, outputs, capacity]: with TWIN, fbar - f0 of the linearized model
//   signal [rows, capacity], `channels` rows a run, `outputs` of each kind: 0: roots of the loss; 1: dL/df; 2: f; with TWIN
//   3: f - fbar; 4, 5: kinds 0 and 1 of the linearized model
//
// Two copies start alike, so that f0 = 0 and f is the difference of their changes. SUBTRACT: f less f0 is the model. Losses and
// slopes are those of src/losses. Squared: 4 roundings of the largest term an entry.
//
// An invocation owns one sample of one output (x) of one run (y: entry of the tile table).

// use losses
// use minibatch
// use run_parameters
// use tile

struct Params {
  samples: u32,
  channels: u32,
  capacity: u32,
  streams: u32,
  copies: u32,
  units: u32,
  outputs: u32,
}

override TWIN: bool = false;
override SUBTRACT: bool = false;

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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.outputs * step.size) {
    return;
  }
  let output = id.x / step.size;
  let j = id.x % step.size;
  let tile = id.y * TILE;
  let row = singles[tile + 4];
  let run = row / params.channels;
  let sample = sample_of(singles[tile + 2], j);
  let label = y[(singles[tile + 1] * params.outputs + output) * params.samples + sample];
  let A = runs[run].output_scale;
  let top = params.units - params.outputs + output;
  let own = run * params.copies * params.units + top;
  var change = z[own * params.capacity + j];
  var first = 0.0;
  if (params.copies == 2) {
    change -= z[(own + params.units) * params.capacity + j];
  } else if (!SUBTRACT) {
    first = A * base[(run * params.units + top) * params.samples + sample];
  }
  change *= A;
  let at = (row + output) * params.capacity + j;
  // From a kind of rows to the next.
  let kind = params.outputs * params.capacity;
  let model = judged(first, change, label);
  signal[at] = model.x;
  signal[at + kind] = model.y;
  signal[at + 2 * kind] = first + change;
  if (TWIN) {
    let moved = linear[(run * params.outputs + output) * params.capacity + j];
    let twin = judged(first, moved, label);
    signal[at + 3 * kind] = change - moved;
    signal[at + 4 * kind] = twin.x;
    signal[at + 5 * kind] = twin.y;
  }
}
