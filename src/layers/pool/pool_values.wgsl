// Pooled activations, one network a run and copy, of values as they are:
//
//   z [runs, copies, units, capacity]: values below, rectified where the network's units are, and pooled ones above
//
// A mean is right to gamma(window^2). An invocation owns one row of windows of one sample (x) of one channel (y) of one network (z).

// use pool
// use step

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x / step.size;
  if (row >= params.height_above) {
    return;
  }
  let network = network_of_copy(id.z);
  let own = id.x - row * step.size;
  let rows = network.own * params.units;
  let below = (rows + params.below + id.y * positions_below()) * params.capacity + own;
  var above = rows + params.above + id.y * positions_above() + row * params.width_above;
  for (var x = 0u; x < params.width_above; x++) {
    z[above * params.capacity + own] = pooled_of(below, window_of(x, row));
    above++;
  }
}

fn with_pixel(pooled: f32, at: u32) -> f32 {
  let value = activation(z[at]);
  if (MAX) {
    return select(pooled, value, bits_of(value) > bits_of(pooled));
  }
  return pooled + value;
}

fn pooled_of(below: u32, window: Window) -> f32 {
  var pooled = 0.0;
  if (FOUR) {
    let first = below + window.begin * params.capacity;
    let next = first + params.width * params.capacity;
    pooled = with_pixel(with_pixel(pooled, first), first + params.capacity);
    pooled = with_pixel(with_pixel(pooled, next), next + params.capacity);
  } else {
    var pixel = Pixel(window.begin, window.first);
    for (; pixel.at < window.close; pixel = pixel_after(pixel, window.first, window.end)) {
      pooled = with_pixel(pooled, below + pixel.at * params.capacity);
    }
  }
  return select(pooled / f32(area()), pooled, MAX);
}

// Nothing is compared with what has moved.
fn number_at(place: Place, pixel: u32, moved: bool) -> f32 {
  return 0.0;
}
