// A step of ReLU networks' weights along their gradients, in displacements from w(0):
//
//   D <- D - rate scale G - decay W,   W = W0 + D
//
//   state [runs, stride]: D of every copy first   gradients, weights [runs, copies, parameters]   start [runs,
//   parameters]: W0, the same for every copy   rate = step size / output scale, scale = 1 / batch size or 1
//   The first `frozen` weights of a copy stay at w(0).
//   FLOW: the state is not moved; its time derivative, rate and decay those of step size 1, is written to `state`.
//
// An invocation owns PER_INVOCATION weights (x), 64 apart, of one run (y: entry of the tile table), whose numbers it loads once. Six
// roundings. W is not loaded where D is: it is their sum, rounded as it was when it was written.

// use ending
// use finite
// use run_parameters
// use step
// use tile

struct Params {
  channels: u32,
  // One or two.
  copies: u32,
  stride: u32,
  parameters: u32,
  frozen: u32,
}

override FLOW: bool = false;
// Weights an invocation.
override PER_INVOCATION: u32 = 1;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read> start: array<f32>;
@group(0) @binding(5) var<storage, read> gradients: array<f32>;
@group(0) @binding(6) var<storage, read_write> state: array<f32>;
@group(0) @binding(7) var<storage, read_write> weights: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(8) var<storage, read_write> horizon: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let run = run_tiles[group.y * TILE + 4] / params.channels;
  let parameters = params.parameters;
  let count = params.copies * parameters;
  if (step.index >= atomicLoad(&horizon[2 * run])) {
    return;
  }
  let rate = runs[run].rate * step.scale;
  let decay = runs[run].decay;
  let first = group.x * 64 * PER_INVOCATION;
  let end = min(count, first + 64 * PER_INVOCATION);
  var finite = true;
  for (var place = first + lane; place < end; place += 64) {
    let at = run * count + place;
    let own = run * params.stride + place;
    let weight = select(place, place - parameters, place >= parameters);
    if (weight < params.frozen) {
      if (FLOW) {
        state[own] = 0.0;
      }
      continue;
    }
    if (FLOW) {
      state[own] = -rate * gradients[at] - decay * weights[at];
    } else {
      let W0 = start[run * parameters + weight];
      let D = state[own];
      let moved = D + (-rate * gradients[at] - decay * (W0 + D));
      finite = finite & is_finite(moved);
      state[own] = moved;
      weights[at] = W0 + moved;
    }
  }
  if (!finite) {
    atomicMin(&horizon[2 * run], step.index + 1);
    atomicMax(&horizon[2 * run + 1], DIVERGED);
  }
}
