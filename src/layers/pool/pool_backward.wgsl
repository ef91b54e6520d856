// Signals back through pooling:  B = 1[Z0 + dZ > 0] B above where a pixel is its window's largest, or B above / window^2
//
//   base [runs, units, samples]: values at w(0)   z [runs, copies, units, capacity]: their changes
//   delta [runs, copies, units, capacity]: B times dL/df of the sample
//
// One rounding. An invocation owns one window of one sample (x) of one channel (y) of one network (z).

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
  if (id.x >= positions_above() * step.size) {
    return;
  }
  let network = network_of_copy(id.z);
  let place_above = id.x / step.size;
  let own = id.x - place_above * step.size;
  let sample = sample_of(stream_of(network), own);
  let channel = params.below + id.y * positions_below();
  let first = network.run * params.units + channel;
  let rows = network.own * params.units;
  let rows_below = rows + channel;
  let place = Place(first * params.samples + sample, rows_below * params.capacity + own, params.samples, params.capacity);
  let window = window_of(place_above);
  var above = delta[(rows + params.above + id.y * positions_above() + place_above) * params.capacity + own];
  var largest = 0u;
  if (MAX) {
    largest = largest_of(place, window, true);
  } else {
    above /= f32(area());
  }
  for (var y = window.first.y; y < window.last.y; y++) {
    for (var x = window.first.x; x < window.last.x; x++) {
      let pixel = y * params.width + x;
      let takes = is_held(window, x, y) && (!MAX || pixel == largest) && is_active(number_at(place, pixel, true));
      delta[place.z + pixel * params.capacity] = select(0.0, above, takes);
    }
  }
}
