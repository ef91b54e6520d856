// Signals back through pooling at w(0), from each output:  B0 = 1[Z0 > 0] B0 above where a pixel is its window's largest, or
// B0 above / window^2
//
//   base [runs, copies, units, samples]: values at w(0)   signals [runs, copies, units, outputs, samples]: B0
//
// At w(0) bound with copies = 1, as src/layers/layer_signals_start.wgsl. One rounding. An invocation owns one window of one sample of one output (x) of one channel (y) of one network (z).

// use pool

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read_write> signals: array<f32>;

fn number_at(place: Place, pixel: u32, moved: bool) -> f32 {
  return base[place.base + pixel * place.base_apart];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let each = signals_of_unit();
  if (id.x >= positions_above() * each) {
    return;
  }
  let N = params.samples;
  let network = network_of_copy(id.z);
  let place_above = id.x / each;
  let own = id.x - place_above * each;
  let channel = params.below + id.y * positions_below();
  let rows = network.own * params.units;
  let place = Place((rows + channel) * N + own % N, 0, N, 0);
  let window = window_of(place_above);
  var above = signals[(rows + params.above + id.y * positions_above() + place_above) * each + own];
  var largest = 0u;
  if (MAX) {
    largest = largest_of(place, window, false);
  } else {
    above /= f32(area());
  }
  for (var y = window.first.y; y < window.last.y; y++) {
    for (var x = window.first.x; x < window.last.x; x++) {
      let pixel = y * params.width + x;
      let takes = is_held(window, x, y) && (!MAX || pixel == largest) && is_active(number_at(place, pixel, false));
      signals[(rows + channel + pixel) * each + own] = select(0.0, above, takes);
    }
  }
}
