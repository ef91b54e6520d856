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
    z[above * params.capacity + own] = pooled(place, window_of(x, row));
    above++;
  }
}

fn pooled(place: Place, window: Window) -> f32 {
  var sum = 0.0;
  // The largest at w(0), the largest now, and the number at w(0) and the change of that.
  var before = 0u;
  var now = 0u;
  var then = 0.0;
  var moved = 0.0;
  var pixel = Pixel(window.begin, window.first);
  for (; pixel.at < window.close; pixel = pixel_after(pixel, window.first, window.end)) {
    let start = base[place.base + pixel.at * place.base_apart];
    let change = z[place.z + pixel.at * place.z_apart];
    let own_change = change_of(start, change);
    if (!MAX) {
      sum += own_change.moved;
    } else {
      before = max(before, bits_of(own_change.before));
      let end = bits_of(start + change);
      if ((pixel.at == window.begin) | (end > now)) {
        now = end;
        then = own_change.before;
        moved = own_change.moved;
      }
    }
  }
  if (!MAX) {
    return sum / f32(area());
  }
  let largest = bitcast<f32>(before);
  return select((then - largest) + moved, -largest, now == 0);
}
