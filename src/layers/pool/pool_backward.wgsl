// Signals back through pooling:  B = 1[Z0 + dZ > 0] B above where a pixel is its window's largest, or B above / window^2
//
//   base [runs, units, samples]: values at w(0)   z [runs, copies, units, capacity]: their changes
//   delta [runs, copies, units, capacity]: B times dL/df of the sample
//
// One rounding. An invocation owns one pixel of one sample (x) of one channel (y) of one network (z).

// use minibatch
// use pool_pairs

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read_write> delta: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= positions_below() * step.size) {
    return;
  }
  let network = network_of_copy(id.z);
  let pixel = id.x / step.size;
  let own = id.x % step.size;
  let sample = sample_of(stream_of(network), own);
  let channel = params.below + id.y * positions_below();
  let first = network.run * params.units + channel;
  let rows = network.own * params.units;
  let rows_below = rows + channel;
  let place = Place(first * params.samples + sample, rows_below * params.capacity + own, params.samples, params.capacity);
  let found = window_of(pixel);
  var value = 0.0;
  if (found.y < params.height_above && is_active(number_at(place, pixel, true))) {
    let window = found.y * params.width_above + found.x;
    value = delta[(rows + params.above + id.y * positions_above() + window) * params.capacity + own];
    if (MAX) {
      value = select(0.0, value, is_largest(place, window, pixel, true));
    } else {
      value /= f32(area());
    }
  }
  delta[(rows_below + pixel) * params.capacity + own] = value;
}
