// Changes of signals back through pooling since w(0), from each output: of B above where a pixel has been and is its window's largest
// and active, all of B above where it has become so, -B0 where it no longer is; of the mean, over window^2
//
//   base [runs, units, samples]: values at w(0)   z [runs, copies, units, samples]: their changes
//   signals [runs, units, outputs, samples]: B0   changes [runs, copies, units, outputs, samples]: dB
//
// Two roundings. An invocation owns one row of windows of one sample of one output (x) of one channel (y) of one network (z).

// use pool_pairs
// use pool_spread

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
    let window = window_of(x, row);
    spread_over(
      window,
      spread_of(place, window, below, signals[(first + above) * each + own], changes[(rows + above) * each + own]));
    above++;
  }
}

// What comes to a window's unit, at w(0) and its change, where its channel's changes begin, and its largest pixel at w(0) and now.
struct Spread {
  place: Place,
  below: u32,
  B0: f32,
  dB: f32,
  was: Largest,
  is: Largest,
}

fn spread_of(place: Place, window: Window, below: u32, B0: f32, dB: f32) -> Spread {
  if (MAX) {
    return Spread(place, below, B0, dB, largest_of(place, window, false), largest_of(place, window, true));
  }
  return Spread(place, below, B0, dB, Largest(), Largest());
}

fn put_share(spread: Spread, pixel: u32, is_held: bool) {
  var was_open = is_held;
  var is_open = is_held;
  if (MAX) {
    was_open &= (pixel == spread.was.at) & (spread.was.bits != 0);
    is_open &= (pixel == spread.is.at) & (spread.is.bits != 0);
  } else {
    was_open &= is_active(number_at(spread.place, pixel, false));
    is_open &= is_active(number_at(spread.place, pixel, true));
  }
  let value = select(select(0.0, -spread.B0, was_open), select(spread.B0 + spread.dB, spread.dB, was_open), is_open);
  changes[spread.below + pixel * signals_of_unit()] = select(value / f32(area()), value, MAX);
}
