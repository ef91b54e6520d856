// Pooled activations, one network a run and copy, of values as they are:
//
//   z [runs, copies, units, capacity]: values below, rectified where the network's units are, and pooled ones above
//
// A mean is right to gamma(window^2). An invocation owns one row of windows of one sample (x) of one channel (y) of one network (z).

// use pool
// use step

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x / step.size;
  if (row >= params.height_above) {
    return;
  }
  let network = network_of_copy(id.z);
  let own = id.x - row * step.size;
  let rows = network.own * params.units;
  let below = (rows + params.below + id.y * positions_below()) * params.capacity + own;
  var above = rows + params.above + id.y * positions_above() + row * params.width_above;
  for (var x = 0u; x < params.width_above; x++) {
    z[above * params.capacity + own] = pooled(below, window_of(x, row));
    above++;
  }
}

fn pooled(below: u32, window: Window) -> f32 {
  var kept = 0.0;
  var pixel = Pixel(window.begin, window.first);
  for (; pixel.at < window.close; pixel = pixel_after(pixel, window.first, window.end)) {
    let value = activation(z[below + pixel.at * params.capacity]);
    if (MAX) {
      kept = select(kept, value, bits_of(value) > bits_of(kept));
    } else {
      kept += value;
    }
  }
  if (!MAX) {
    kept /= f32(area());
  }
  return kept;
}

// Nothing is compared with what has moved.
fn number_at(place: Place, pixel: u32, moved: bool) -> f32 {
  return 0.0;
}
