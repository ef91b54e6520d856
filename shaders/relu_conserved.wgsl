// How far ReLU networks with one hidden layer have strayed from what the gradient flow conserves, unit by unit:
//
//   out = change of (|u|^2 - |v|^2) / (|u|^2 + |v|^2 at w(0)),   change = sum of D (2 W0 + D) over u, less that over v
//
//   start [runs, parameters]: W0, u [units, inputs], then v [outputs, units]   state [runs, stride]: D of every copy
//   out [runs, copies, units]
//
// Sums run over inputs in order, then over outputs: |error| <= gamma(inputs + outputs + 3) sum of |D| |2 W0 + D|, over the same scale.
// An invocation owns one unit (x) of one run (y: entry of the tile table).

// use tile

struct Params {
  inputs: u32,
  outputs: u32,
  channels: u32,
  copies: u32,
  // Hidden units.
  hidden: u32,
  stride: u32,
  parameters: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> start: array<f32>;
@group(0) @binding(3) var<storage, read> state: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.copies * params.hidden) {
    return;
  }
  let run = run_tiles[id.y * TILE + 4] / params.channels;
  let copy = id.x / params.hidden;
  let unit = id.x % params.hidden;
  let first = run * params.parameters;
  let moved = run * params.stride + copy * params.parameters;
  var change = 0.0;
  var size = 0.0;
  for (var i = unit * params.inputs; i < (unit + 1) * params.inputs; i++) {
    let W0 = start[first + i];
    let D = state[moved + i];
    change += D * (2.0 * W0 + D);
    size += W0 * W0;
  }
  let end = params.hidden * (params.inputs + params.outputs);
  for (var v = params.hidden * params.inputs + unit; v < end; v += params.hidden) {
    let V0 = start[first + v];
    let D = state[moved + v];
    change -= D * (2.0 * V0 + D);
    size += V0 * V0;
  }
  out[run * params.copies * params.hidden + id.x] = change / size;
}
