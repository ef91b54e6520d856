// How far ReLU networks' weights are from the linearized ones:  gap = (w - w(0)) - (J0^T a + c w(0))
//
//   state [runs, stride]: D of every copy, from `twin` on a [outputs, samples] and c   transposed [runs, parameters]: J0^T a of
//   the first copy (src/layers/layer_gradient.wgsl, START); the second's has the other sign   start [runs, parameters]: w(0)
//   gap [runs, copies, parameters]: 0 of a copy's first `frozen` weights, which stay at w(0)
//
// An invocation owns one weight (x) of one run (y: entry of the tile table). Three roundings.

// use tile

struct Params {
  samples: u32,
  channels: u32,
  copies: u32,
  stride: u32,
  parameters: u32,
  twin: u32,
  outputs: u32,
  frozen: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> transposed: array<f32>;
@group(0) @binding(4) var<storage, read> start: array<f32>;
@group(0) @binding(5) var<storage, read_write> gap: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let run = run_tiles[id.y * TILE + 4] / params.channels;
  let count = params.copies * params.parameters;
  if (id.x >= count) {
    return;
  }
  let weight = id.x % params.parameters;
  let place = run * params.parameters + weight;
  let own = run * params.stride;
  let shrunk = state[own + params.twin + params.outputs * params.samples] * start[place];
  let linear = select(transposed[place], -transposed[place], id.x >= params.parameters);
  gap[run * count + id.x] = select((state[own + id.x] - linear) - shrunk, 0.0, weight < params.frozen);
}
