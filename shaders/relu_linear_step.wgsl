// A step of linearized ReLU networks in function space (relu_linear.wgsl):
//
//   a <- (1 - decay) a - rate scale dL/dfbar on the batch,   c <- (1 - decay) c - decay
//
//   state [runs, stride]: from `twin` on a [outputs, samples], then c   signal [rows, capacity]: rows `slope` on of a run are
//   dL/dfbar
//   FLOW: the time derivative is written to `state` instead; `held` is then the state itself,
//   declared writable because both may be parts of one buffer.
//
// An invocation owns one place of the epoch's order of one output (x), one more for c, of one run (y: entry of the tile table).
// Four roundings.

// use order_entry
// use run_parameters
// use step
// use tile

struct Params {
  samples: u32,
  channels: u32,
  capacity: u32,
  streams: u32,
  stride: u32,
  twin: u32,
  slope: u32,
  outputs: u32,
}

override SHUFFLED: bool = false;
override FLOW: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(5) var<storage, read> signal: array<f32>;
@group(0) @binding(6) var<storage, read> horizon: array<u32>;
@group(0) @binding(7) var<storage, read_write> held: array<f32>;
@group(0) @binding(8) var<storage, read_write> state: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tile = id.y * TILE;
  let row = run_tiles[tile + 4];
  let run = row / params.channels;
  let N = params.samples;
  let last = params.outputs * N;
  if (id.x > last || step.index >= horizon[2 * run]) {
    return;
  }
  let output = id.x / N;
  var place = id.x % N;
  let j = place - step.start;
  let is_trained = place >= step.start && j < step.size;
  if (SHUFFLED && id.x < last) {
    place = SAMPLE & order[(step.order * params.streams + run_tiles[tile + 2]) * N + place];
  }
  let at = run * params.stride + params.twin + output * N + place;
  var value: f32;
  if (FLOW) {
    value = held[at];
  } else {
    value = state[at];
  }
  var change = -runs[run].decay * value;
  if (id.x == last) {
    change -= runs[run].decay;
  } else if (is_trained) {
    change -= (runs[run].rate * step.scale) * signal[(row + params.slope + output) * params.capacity + j];
  }
  state[at] = select(value + change, change, FLOW);
}
