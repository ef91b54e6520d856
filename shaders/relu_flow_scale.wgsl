// What an error of each weight is measured against when ReLU networks follow the gradient flow:
//
//   scale = |W| + floor of the run, a tenth of the root mean square of its first weights; 0, which leaves a number out,
//   for the linearized model's   weights [runs, copies, parameters]   scale [runs, stride]
//
// An invocation owns one number (x) of one run (y: entry of the tile table).

// use tile

struct Params {
  channels: u32,
  copies: u32,
  stride: u32,
  parameters: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> floors: array<f32>;
@group(0) @binding(4) var<storage, read_write> scale: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.stride) {
    return;
  }
  let run = run_tiles[id.y * TILE + 4] / params.channels;
  let count = params.copies * params.parameters;
  var value = 0.0;
  if (id.x < count) {
    value = abs(weights[run * count + id.x]) + floors[run];
  }
  scale[run * params.stride + id.x] = value;
}
