// Signals back through pooling:  B = 1[Z0 + dZ > 0] B above where a pixel is its window's largest, or B above / window^2
//
//   base [runs, units, samples]: values at w(0)   z [runs, copies, units, capacity]: their changes
//   delta [runs, copies, units, capacity]: B times dL/df of the sample
//
// One rounding. An invocation owns one row of windows of one sample (x) of one channel (y) of one network (z).

// use minibatch
// use pool_pairs
// use pool_spread

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read_write> delta: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x / step.size;
  if (row >= params.height_above) {
    return;
  }
  let network = network_of_copy(id.z);
  let own = id.x - row * step.size;
  let channel = params.below + id.y * positions_below();
  let place = Place(
    (network.run * params.units + channel) * params.samples + sample_of(stream_of(network), own),
    (network.own * params.units + channel) * params.capacity + own, params.samples, params.capacity);
  var above = network.own * params.units + params.above + id.y * positions_above() + row * params.width_above;
  for (var x = 0u; x < params.width_above; x++) {
    let window = window_of(x, row);
    spread_over(window, spread_of(place, window, delta[above * params.capacity + own]));
    above++;
  }
}

// What the pixels of a window get, and the largest of them.
struct Spread {
  place: Place,
  kept: f32,
  largest: u32,
}

fn spread_of(place: Place, window: Window, above: f32) -> Spread {
  if (MAX) {
    let largest = largest_of(place, window, true);
    return Spread(place, select(0.0, above, largest.bits != 0), largest.at);
  }
  return Spread(place, above / f32(area()), 0);
}

fn put_share(spread: Spread, pixel: u32, is_held: bool) {
  var takes = is_held;
  if (MAX) {
    takes &= pixel == spread.largest;
  } else {
    takes &= is_active(number_at(spread.place, pixel, true));
  }
  delta[spread.place.z + pixel * spread.place.z_apart] = select(0.0, spread.kept, takes);
}
