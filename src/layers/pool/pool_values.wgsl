// Pooled activations, one network a run and copy, of values as they are:
//
//   z [runs, copies, units, capacity]: values below, rectified where the network's units are, and pooled ones above
//
// A mean is right to gamma(window^2). An invocation owns one position of one sample (x) of one channel (y) of one network (z).

// use pool
// use step

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= positions_above() * step.size) {
    return;
  }
  let network = network_of_copy(id.z);
  let place_above = id.x / step.size;
  let own = id.x - place_above * step.size;
  let rows = network.own * params.units;
  let below = rows + params.below + id.y * positions_below();
  var kept = 0.0;
  let window = window_of(place_above);
  for (var y = window.first.y; y < window.end.y; y++) {
    for (var x = window.first.x; x < window.end.x; x++) {
      let value = activation(z[(below + y * params.width + x) * params.capacity + own]);
      if (MAX) {
        kept = select(kept, value, bits_of(value) > bits_of(kept));
      } else {
        kept += value;
      }
    }
  }
  if (!MAX) {
    kept /= f32(area());
  }
  z[(rows + params.above + id.y * positions_above() + place_above) * params.capacity + own] = kept;
}

// Nothing is compared with what has moved.
fn number_at(place: Place, pixel: u32, moved: bool) -> f32 {
  return 0.0;
}
