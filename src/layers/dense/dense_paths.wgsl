// Sums over paths to the units of a dense layer (src/layers/paths.wgsl):  paths[u] = sum over i of |W[u, i]| paths below[i]
//
//   weights [runs, copies, parameters]: layers [fan_out, fan_in] from `offset` on   paths [runs, copies, units]
//
// Sums run over the layer below in index order: relative error <= gamma(fan_in + 1) a layer.
// An invocation owns one unit (x) of one network (y: entry of the tile table and copy).

// use paths

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> paths: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.fan_out) {
    return;
  }
  let network = network_of_copy(id.y);
  let row = network.own * params.parameters + params.offset + id.x * params.fan_in;
  var sum = 0.0;
  for (var i = 0u; i < params.fan_in; i++) {
    sum += abs(weights[row + i]) * paths_below(network, i);
  }
  paths[place_above(network, id.x)] = sum;
}
