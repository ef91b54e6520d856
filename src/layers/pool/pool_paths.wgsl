// Sums over paths to the units of a pool (src/layers/paths.wgsl). Every pixel of a window is joined to its unit: with the weight
// 1 / window^2 by a mean, with the weight 1 by the largest (MAX), since a path leads through each (Gonon et al. 2024).
//
//   paths [runs, copies, units]
//
// Relative error <= gamma(window^2 + 1). An invocation owns one position (x) of one channel (y) of one network (z).

// use image
// use paths

override MAX: bool = false;
override FOUR: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read_write> paths: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= positions_above()) {
    return;
  }
  let network = network_of_copy(id.z);
  let row = quotient(id.x, params.width_above);
  let side = select(params.window, 2u, FOUR);
  let first = vec2u(id.x - row * params.width_above, row) * side;
  var sum = 0.0;
  for (var y = first.y; y < first.y + side; y++) {
    for (var x = first.x; x < first.x + side; x++) {
      sum += paths_below(network, id.y * positions_below() + y * params.width + x);
    }
  }
  if (!MAX) {
    sum /= f32(side * side);
  }
  paths[place_above(network, id.y * positions_above() + id.x)] = sum;
}
