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

// use cross_entropy_loss
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
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> y: array<f32>;
@group(0) @binding(7) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(8) var<storage, read> linear: array<f32>;
@group(0) @binding(9) var<storage, read_write> signal: array<f32>;

const CROSS_ENTROPY = 2u;

// A sample of a run: where its outputs' numbers begin, and how far apart they are.
struct Place {
  z: u32,
  // Of the second copy.
  other: u32,
  base: u32,
  label: u32,
  linear: u32,
  scale: f32,
}

// The start and the change of an output; TWIN: of the linearized model.
fn moved_of(place: Place, output: u32, twin: bool) -> vec2f {
  var first = 0.0;
  var change = z[place.z + output * params.capacity];
  if (params.copies == 2) {
    change -= z[place.other + output * params.capacity];
  } else if (!SUBTRACT) {
    first = place.scale * base[place.base + output * params.samples];
  }
  if (TWIN && twin) {
    return vec2f(first, linear[place.linear + output * params.capacity]);
  }
  return vec2f(first, place.scale * change);
}

fn label_of(place: Place, output: u32) -> f32 {
  return y[place.label + output * params.samples];
}

fn loss_of(place: Place, output: u32, twin: bool) -> vec2f {
  if (LOSS == CROSS_ENTROPY) {
    return cross_entropy_loss(place, params.outputs, output, twin);
  }
  let moved = moved_of(place, output, twin);
  return judged(moved.x, moved.y, label_of(place, output));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.outputs * step.size) {
    return;
  }
  let output = id.x / step.size;
  let j = id.x % step.size;
  let tile = id.y * TILE;
  let row = run_tiles[tile + 4];
  let run = row / params.channels;
  let sample = sample_of(run_tiles[tile + 2], j);
  let top = params.units - params.outputs;
  let own = run * params.copies * params.units + top;
  let place = Place(
    own * params.capacity + j,
    (own + params.units) * params.capacity + j,
    (run * params.units + top) * params.samples + sample,
    run_tiles[tile + 1] * params.outputs * params.samples + sample,
    run * params.outputs * params.capacity + j,
    runs[run].output_scale,
  );
  let at = (row + output) * params.capacity + j;
  // From a kind of rows to the next.
  let kind = params.outputs * params.capacity;
  let model = loss_of(place, output, false);
  let moved = moved_of(place, output, false);
  signal[at] = model.x;
  signal[at + kind] = model.y;
  signal[at + 2 * kind] = moved.x + moved.y;
  if (TWIN) {
    let twin = loss_of(place, output, true);
    signal[at + 3 * kind] = moved.y - moved_of(place, output, true).y;
    signal[at + 4 * kind] = twin.x;
    signal[at + 5 * kind] = twin.y;
  }
}
