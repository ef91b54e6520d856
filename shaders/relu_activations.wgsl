// Activations of all units of networks whose weights are what they are now:  H = [Z0 + dZ]+
//
//   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ   H [runs, copies, units, samples]
//
// Units that are pooled are at or above 0 as they are; nobody asks for those of outputs. One rounding.
// An invocation owns one sample (x) of every so many units (y) of one network (z: entry of the tile table and copy).

// use activation
// use network

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read> z: array<f32>;
@group(0) @binding(4) var<storage, read_write> H: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (id.x >= params.samples) {
    return;
  }
  let network = network_of_copy(id.z);
  for (var unit = id.y; unit < params.units; unit += groups.y) {
    let own = (network.own * params.units + unit) * params.samples + id.x;
    H[own] = activation(base[(network.run * params.units + unit) * params.samples + id.x] + z[own]);
  }
}
