// A step of linearized ReLU networks in function space (relu_linear.wgsl):
//
//   a <- (1 - decay) a - rate scale dL/dfbar on the batch,   c <- (1 - decay) c - decay
//
//   state [runs, stride]: from `twin` on a [samples], then c   signal [rows, capacity]: row `slope` of a run is dL/dfbar
//   FLOW: the time derivative is written to `state` instead; `held` is then the state itself,
//   declared writable because both may be parts of one buffer.
//
// An invocation owns one place (x) of the epoch's order, one more for c, of one run (y: entry of the tile table).
// Four roundings.

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
}

override SHUFFLED: bool = false;
override FLOW: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(5) var<storage, read> signal: array<f32>;
@group(0) @binding(6) var<storage, read> horizon: array<u32>;
@group(0) @binding(7) var<storage, read_write> held: array<f32>;
@group(0) @binding(8) var<storage, read_write> state: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tile = id.y * TILE;
  let row = singles[tile + 4];
  let run = row / params.channels;
  let N = params.samples;
  if (id.x > N || step.index >= horizon[2 * run]) {
    return;
  }
  var place = id.x;
  if (SHUFFLED && place < N) {
    place = order[(step.order * params.streams + singles[tile + 2]) * N + place];
  }
  let at = run * params.stride + params.twin + place;
  var value: f32;
  if (FLOW) {
    value = held[at];
  } else {
    value = state[at];
  }
  var change = -runs[run].decay * value;
  let j = id.x - step.start;
  if (id.x == N) {
    change -= runs[run].decay;
  } else if (id.x >= step.start && j < step.size) {
    change -= (runs[run].rate * step.scale) * signal[(row + params.slope) * params.capacity + j];
  }
  state[at] = select(value + change, change, FLOW);
}
