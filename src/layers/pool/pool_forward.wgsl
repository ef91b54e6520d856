// Pooled activations as their change since w(0), one network a run and copy:
//
//   base [runs, units, samples]: values at w(0)   z [runs, copies, units, capacity]: their changes
//   MAX: dH where the largest is H0's too; else that of the largest now, and how far it lay below H0's largest
//
// A mean is right to gamma(window^2), a change of place to two roundings of H0. An invocation owns one row of windows of one
// sample (x) of one channel (y) of one network (z).

// use minibatch
// use pool_pairs

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read_write> z: array<f32>;

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
    z[above * params.capacity + own] = pooled_of(place, window_of(x, row));
    above++;
  }
}

// The sum of changes; or the bits of the largest at w(0), those of the largest now, and what that was at w(0) and its change.
struct Pooled {
  sum: f32,
  before: u32,
  now: u32,
  then: f32,
  moved: f32,
}

fn with_pixel(pooled: Pooled, place: Place, pixel: u32) -> Pooled {
  let start = base[place.base + pixel * place.base_apart];
  let change = z[place.z + pixel * place.z_apart];
  let own = change_of(start, change);
  if (!MAX) {
    return Pooled(pooled.sum + own.moved, 0, 0, 0.0, 0.0);
  }
  let bits = bits_of(start + change);
  let is_larger = bits > pooled.now;
  return Pooled(
    0.0, max(pooled.before, bits_of(own.before)), select(pooled.now, bits, is_larger), select(pooled.then, own.before, is_larger),
    select(pooled.moved, own.moved, is_larger));
}

fn pooled_of(place: Place, window: Window) -> f32 {
  var pooled = Pooled();
  if (FOUR) {
    pooled = with_pixel(pooled, place, window.begin);
    pooled = with_pixel(pooled, place, window.begin + 1);
    pooled = with_pixel(pooled, place, window.begin + params.width);
    pooled = with_pixel(pooled, place, window.begin + params.width + 1);
  } else {
    var pixel = Pixel(window.begin, window.first);
    for (; pixel.at < window.close; pixel = pixel_after(pixel, window.first, window.end)) {
      pooled = with_pixel(pooled, place, pixel.at);
    }
  }
  if (!MAX) {
    return pooled.sum / f32(area());
  }
  let largest = bitcast<f32>(pooled.before);
  return select((pooled.then - largest) + pooled.moved, -largest, pooled.now == 0);
}
