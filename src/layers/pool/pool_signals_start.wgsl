// Signals back through pooling at w(0), from each output:  B0 = 1[Z0 > 0] B0 above where a pixel is its window's largest, or
// B0 above / window^2
//
//   base [runs, copies, units, samples]: values at w(0)   signals [runs, copies, units, outputs, samples]: B0
//
// At w(0) bound with copies = 1, as src/layers/layer_signals_start.wgsl. One rounding. An invocation owns one row of
// windows of one sample of one output (x) of one channel (y) of one network (z).

// use pool
// use pool_spread

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read_write> signals: array<f32>;

fn number_at(place: Place, pixel: u32, moved: bool) -> f32 {
  return base[place.base + pixel * place.base_apart];
}

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
  let rows = network.own * params.units;
  let place = Place((rows + channel) * N + own % N, 0, N, 0);
  let below = (rows + channel) * each + own;
  var above = rows + params.above + id.y * positions_above() + row * params.width_above;
  for (var x = 0u; x < params.width_above; x++) {
    let window = window_of(x, row);
    spread_over(window, spread_of(place, window, below, signals[above * each + own]));
    above++;
  }
}

// What the pixels of a window get, where their channel's signals begin, and the largest of them.
struct Spread {
  place: Place,
  below: u32,
  kept: f32,
  largest: u32,
}

fn spread_of(place: Place, window: Window, below: u32, above: f32) -> Spread {
  if (MAX) {
    let largest = largest_of(place, window, false);
    return Spread(place, below, select(0.0, above, largest.bits != 0), largest.at);
  }
  return Spread(place, below, above / f32(area()), 0);
}

fn put_share(spread: Spread, pixel: u32, is_held: bool) {
  var takes = is_held;
  if (MAX) {
    takes &= pixel == spread.largest;
  } else {
    takes &= is_active(number_at(spread.place, pixel, false));
  }
  signals[spread.below + pixel * signals_of_unit()] = select(0.0, spread.kept, takes);
}
