// Changes of signals back through pooling since w(0), from each output: of B above where a pixel has been and is its window's largest
// and active, all of B above where it has become so, -B0 where it no longer is; of the mean, over window^2
//
//   base [runs, units, samples]: values at w(0)   z [runs, copies, units, samples]: their changes
//   signals [runs, units, outputs, samples]: B0   changes [runs, copies, units, outputs, samples]: dB
//
// Two roundings. An invocation owns one row of windows of one sample of one output (x) of one channel (y) of one network (z).

// use pool_pairs

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read> z: array<f32>;
@group(0) @binding(4) var<storage, read> signals: array<f32>;
@group(0) @binding(5) var<storage, read_write> changes: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let each = signals_of_unit();
  let row = id.x / each;
  if (row >= params.height_above) {
    return;
  }
  let N = params.samples;
  let network = network_of_copy(id.z);
  let own = id.x - row * each;
  let channel = params.below + id.y * positions_below();
  let first = network.run * params.units;
  let rows = network.own * params.units;
  let place = Place((first + channel) * N + own % N, (rows + channel) * N + own % N, N, N);
  let below = (rows + channel) * each + own;
  var above = params.above + id.y * positions_above() + row * params.width_above;
  for (var x = 0u; x < params.width_above; x++) {
    spread(place, window_of(x, row), signals[(first + above) * each + own], changes[(rows + above) * each + own], below);
    above++;
  }
}

fn spread(place: Place, window: Window, B0: f32, dB: f32, below: u32) {
  let each = signals_of_unit();
  var was_largest = 0u;
  var is_largest = 0u;
  if (MAX) {
    was_largest = largest_of(place, window, false);
    is_largest = largest_of(place, window, true);
  }
  var pixel = Pixel(window.begin, window.first);
  for (; pixel.at < window.over; pixel = pixel_after(pixel, window.first, window.last)) {
    let held = is_held(window, pixel);
    let was_open = held & (!MAX | (pixel.at == was_largest)) & is_active(number_at(place, pixel.at, false));
    let is_open = held & (!MAX | (pixel.at == is_largest)) & is_active(number_at(place, pixel.at, true));
    var value = select(0.0, -B0, was_open);
    if (is_open) {
      value = select(B0 + dB, dB, was_open);
    }
    if (!MAX) {
      value /= f32(area());
    }
    changes[below + pixel.at * each] = value;
  }
}
