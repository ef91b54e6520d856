// Weights of ReLU networks from their displacements:  W = W0 + D
//
//   state [runs, stride]: D of every copy first   start [runs, parameters]: W0   weights [runs, copies, parameters]
//
// An invocation owns one weight (x) of one run (y: entry of the tile table). One rounding.

// use tile

struct Params {
  channels: u32,
  copies: u32,
  stride: u32,
  parameters: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> start: array<f32>;
@group(0) @binding(3) var<storage, read> state: array<f32>;
@group(0) @binding(4) var<storage, read_write> weights: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let run = run_tiles[id.y * TILE + 4] / params.channels;
  let count = params.copies * params.parameters;
  if (id.x < count) {
    let place = run * params.parameters + id.x % params.parameters;
    weights[run * count + id.x] = start[place] + state[run * params.stride + id.x];
  }
}
