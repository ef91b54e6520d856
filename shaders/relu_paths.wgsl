// Sums over input-output paths of the product of absolute weights, one layer of ReLU networks at a time:
//
//   paths[u] = sum over i of |W[u, i]| paths below[i], 1 at the inputs (FIRST)
//
//   weights [runs, copies, parameters]: layers [fan_out, fan_in] from `offset` on   paths [runs, copies, units]
//
// Sums run over the layer below in index order: relative error <= gamma(fan_in + 1) a layer.
// An invocation owns one unit (x) of one network (y: entry of the tile table and copy).

// use tile

struct Params {
  channels: u32,
  copies: u32,
  units: u32,
  parameters: u32,
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override FIRST: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> paths: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.fan_out) {
    return;
  }
  let run = run_tiles[id.y / params.copies * TILE + 4] / params.channels;
  let own = run * params.copies + id.y % params.copies;
  let row = own * params.parameters + params.offset + id.x * params.fan_in;
  var sum = 0.0;
  for (var i = 0u; i < params.fan_in; i++) {
    var below = 1.0;
    if (!FIRST) {
      below = paths[own * params.units + params.below + i];
    }
    sum += abs(weights[row + i]) * below;
  }
  paths[own * params.units + params.above + id.x] = sum;
}
