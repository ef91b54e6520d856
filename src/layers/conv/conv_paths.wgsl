// Sums over paths to the units of a convolution (src/layers/paths.wgsl): every position sums over its window of all channels below,
//
//   paths[u, position] = sum over i of |W[u, i]| paths below[pixel of i],   zeros around images join nothing
//
//   weights [runs, copies, parameters]: layers [fan_out, fan_in] from `offset` on   paths [runs, copies, units]
//
// Sums run over the window in index order: relative error <= gamma(fan_in + 1) a layer.
// An invocation owns one position of one channel (x) of one network (y: entry of the tile table and copy).

// use conv
// use paths

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> paths: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.fan_out * positions_above()) {
    return;
  }
  let network = network_of_copy(id.y);
  let channel = id.x / positions_above();
  let corner = corner_of(id.x - channel * positions_above());
  let row = network.own * params.parameters + params.offset + channel * params.fan_in;
  var sum = 0.0;
  for (var i = 0u; i < params.fan_in; i++) {
    let tap = tap_of(i);
    let pixel = corner + vec2u(tap.x, tap.y);
    if (is_pixel(pixel)) {
      sum += abs(weights[row + i]) * paths_below(network, pixel_of(tap.channel, pixel));
    }
  }
  paths[place_above(network, id.x)] = sum;
}
