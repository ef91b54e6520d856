// Pooled activations as their change since w(0), one network a run and copy:
//
//   base [runs, units, samples]: values at w(0)   z [runs, copies, units, capacity]: their changes
//   MAX: dH where the largest is H0's too; else that of the largest now, and how far it lay below H0's largest
//
// A mean is right to gamma(window^2), a change of place to two roundings of H0. An invocation owns one position of one sample (x) of
// one channel (y) of one network (z).

// use minibatch
// use pool_pairs

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read_write> z: array<f32>;

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
  var sum = 0.0;
  // The largest at w(0), the largest now, and the number at w(0) and the change of that.
  var before = 0u;
  var now = 0u;
  var then = 0.0;
  var moved = 0.0;
  let window = window_of(place_above);
  for (var y = window.first.y; y < window.end.y; y++) {
    for (var x = window.first.x; x < window.end.x; x++) {
      let pixel = y * params.width + x;
      let start = base[(first + pixel) * params.samples + sample];
      let change = z[(rows + channel + pixel) * params.capacity + own];
      let own_change = change_of(start, change);
      sum += own_change.moved;
      before = max(before, bits_of(own_change.before));
      let end = bits_of(start + change);
      if (all(vec2u(x, y) == window.first) || end > now) {
        now = end;
        then = own_change.before;
        moved = own_change.moved;
      }
    }
  }
  var value = sum / f32(area());
  if (MAX) {
    let largest = bitcast<f32>(before);
    value = select((then - largest) + moved, -largest, now == 0);
  }
  z[(rows + params.above + id.y * positions_above() + place_above) * params.capacity + own] = value;
}
