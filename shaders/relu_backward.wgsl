// Signals back through one layer of ReLU networks:  B[u, j] = 1[Z0 + dZ > 0] sum over k of W[k, u] B above[k, j]
//
//   delta [runs, copies, units, capacity]: B times dL/df of the sample   signal [rows, capacity]: row `slope` of each
//   run holds dL/df, which the second copy takes with the other sign   ReLU'(0) = 0
//   TOP: the layer above is the output, so that B = 1[Z0 + dZ > 0] W[u] (+-dL/df).
//
// Sums run over the layer above in index order, in every variant: |error| <= gamma(fan_out) |W|^T |B above|.
//
//   plain   an invocation owns one sample (x) of one unit below (y) of one network (z: entry of the tile table and copy)
//   tiled   an invocation owns WIDTH samples x UNITS units in registers; its samples lie LANES apart

// use minibatch
// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of z has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
  copies: u32,
  // Rows of z a network: hidden units, then the output.
  units: u32,
  // Floats of a run's state; weights of one copy.
  stride: u32,
  parameters: u32,
  // Row of dL/df among those of a run.
  slope: u32,
  // The layer: its first weight, its units below and above, and the first rows of both.
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override LANES: u32 = 64;
override TOP: bool = false;
// Samples, at most 10, and units, 4, 8 or 12, that an invocation of `tiled` owns.
override WIDTH: u32 = 8;
override UNITS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> weights: array<f32>;
@group(0) @binding(7) var<storage, read> signal: array<f32>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;

// Where one network's numbers lie.
struct Network {
  tile: u32,
  // First entries: Z0 and dZ of the units below, B below and above, the layer's weights, dL/df with its sign.
  base: u32,
  z: u32,
  below: u32,
  above: u32,
  weights: u32,
  slope: u32,
  sign: f32,
}

fn network(entry: u32) -> Network {
  let tile = entry / params.copies * TILE;
  let copy = entry % params.copies;
  let row = singles[tile + 4];
  let run = row / params.channels;
  let own = run * params.copies + copy;
  return Network(
    tile,
    (run * params.units + params.below) * params.samples,
    (own * params.units + params.below) * params.capacity,
    (own * params.units + params.below) * params.capacity,
    (own * params.units + params.above) * params.capacity,
    own * params.parameters + params.offset,
    (row + params.slope) * params.capacity,
    1.0 - 2.0 * f32(copy),
  );
}

// B of the layer above, from its place.
fn signal_of(sign: f32, at: u32) -> f32 {
  if (TOP) {
    return sign * signal[at];
  }
  return delta[at];
}

// Writes what has come through to a unit, if it is active.
fn put(own: Network, unit: u32, j: u32, sample: u32, value: f32) {
  if (j < step.size && unit < params.fan_in) {
    let before = base[own.base + unit * params.samples + sample] + z[own.z + unit * params.capacity + j];
    delta[own.below + unit * params.capacity + j] = select(0.0, value, before > 0.0);
  }
}

@compute @workgroup_size(LANES)
fn plain(@builtin(global_invocation_id) id: vec3u) {
  let own = network(id.z);
  let j = id.x;
  if (j >= step.size) {
    return;
  }
  var sum = 0.0;
  for (var k = 0u; k < params.fan_out; k++) {
    let above = select(own.above, own.slope, TOP) + k * params.capacity + j;
    sum += weights[own.weights + k * params.fan_in + id.y] * signal_of(own.sign, above);
  }
  put(own, id.y, j, sample_of(singles[own.tile + 2], j), sum);
}

// Where the rows of four units begin in base, z and delta. Units past the end repeat the last.
struct Rows {
  base: vec4u,
  z: vec4u,
  delta: vec4u,
}

fn rows_of(own: Network, unit: vec4u) -> Rows {
  let row = unit * params.capacity;
  return Rows(own.base + unit * params.samples, own.z + row, own.below + row);
}

// Writes what has come through to four units, where they are active; a unit that is repeated gets its value again.
fn put4(rows: Rows, size: u32, j: u32, sample: u32, value: vec4f) {
  if (j < size) {
    let at = rows.base + sample;
    let change = rows.z + j;
    let end = vec4f(base[at.x], base[at.y], base[at.z], base[at.w]) +
      vec4f(z[change.x], z[change.y], z[change.z], z[change.w]);
    let gated = select(vec4f(), value, end > vec4f());
    let out = rows.delta + j;
    delta[out.x] = gated.x;
    delta[out.y] = gated.y;
    delta[out.z] = gated.z;
    delta[out.w] = gated.w;
  }
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let own = network(group.z);
  let j = group.x * WIDTH * LANES + lane.x;
  // A ragged batch may leave whole groups without samples.
  if (group.x * WIDTH * LANES >= step.size) {
    return;
  }
  // What a loop reads again and again is read once.
  let size = step.size;
  let end = size - 1;
  let fan_in = params.fan_in;
  let fan_out = params.fan_out;
  let capacity = params.capacity;
  let sign = own.sign;
  let stream = singles[own.tile + 2];
  let place0 = min(j + 0 * LANES, end);
  let place1 = min(j + 1 * LANES, end);
  let place2 = min(j + 2 * LANES, end);
  let place3 = min(j + 3 * LANES, end);
  let place4 = min(j + 4 * LANES, end);
  let place5 = min(j + 5 * LANES, end);
  let place6 = min(j + 6 * LANES, end);
  let place7 = min(j + 7 * LANES, end);
  let place8 = min(j + 8 * LANES, end);
  let place9 = min(j + 9 * LANES, end);
  let last = vec4u(params.fan_in - 1);
  let unit = group.y * UNITS;
  let low_units = min(unit + vec4u(0, 1, 2, 3), last);
  let middle_units = min(unit + vec4u(4, 5, 6, 7), last);
  let high_units = min(unit + vec4u(8, 9, 10, 11), last);
  var low0 = vec4f(); var middle0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var middle1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var middle2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var middle3 = vec4f(); var high3 = vec4f();
  var low4 = vec4f(); var middle4 = vec4f(); var high4 = vec4f();
  var low5 = vec4f(); var middle5 = vec4f(); var high5 = vec4f();
  var low6 = vec4f(); var middle6 = vec4f(); var high6 = vec4f();
  var low7 = vec4f(); var middle7 = vec4f(); var high7 = vec4f();
  var low8 = vec4f(); var middle8 = vec4f(); var high8 = vec4f();
  var low9 = vec4f(); var middle9 = vec4f(); var high9 = vec4f();
  let low_rows = rows_of(own, low_units);
  let middle_rows = rows_of(own, middle_units);
  let high_rows = rows_of(own, high_units);
  var w = own.weights;
  var above = select(own.above, own.slope, TOP);
  for (var k = 0u; k < fan_out; k++) {
    let low = vec4f(
      weights[w + low_units.x], weights[w + low_units.y], weights[w + low_units.z], weights[w + low_units.w]);
    var middle: vec4f;
    var high: vec4f;
    if (UNITS > 4) {
      middle = vec4f(
        weights[w + middle_units.x], weights[w + middle_units.y],
        weights[w + middle_units.z], weights[w + middle_units.w]);
    }
    if (UNITS > 8) {
      high = vec4f(
        weights[w + high_units.x], weights[w + high_units.y], weights[w + high_units.z], weights[w + high_units.w]);
    }
    { let b = signal_of(sign, above + place0); low0 += b * low; if (UNITS > 4) { middle0 += b * middle; } if (UNITS > 8) { high0 += b * high; } }
    if (WIDTH > 1) { let b = signal_of(sign, above + place1); low1 += b * low; if (UNITS > 4) { middle1 += b * middle; } if (UNITS > 8) { high1 += b * high; } }
    if (WIDTH > 2) { let b = signal_of(sign, above + place2); low2 += b * low; if (UNITS > 4) { middle2 += b * middle; } if (UNITS > 8) { high2 += b * high; } }
    if (WIDTH > 3) { let b = signal_of(sign, above + place3); low3 += b * low; if (UNITS > 4) { middle3 += b * middle; } if (UNITS > 8) { high3 += b * high; } }
    if (WIDTH > 4) { let b = signal_of(sign, above + place4); low4 += b * low; if (UNITS > 4) { middle4 += b * middle; } if (UNITS > 8) { high4 += b * high; } }
    if (WIDTH > 5) { let b = signal_of(sign, above + place5); low5 += b * low; if (UNITS > 4) { middle5 += b * middle; } if (UNITS > 8) { high5 += b * high; } }
    if (WIDTH > 6) { let b = signal_of(sign, above + place6); low6 += b * low; if (UNITS > 4) { middle6 += b * middle; } if (UNITS > 8) { high6 += b * high; } }
    if (WIDTH > 7) { let b = signal_of(sign, above + place7); low7 += b * low; if (UNITS > 4) { middle7 += b * middle; } if (UNITS > 8) { high7 += b * high; } }
    if (WIDTH > 8) { let b = signal_of(sign, above + place8); low8 += b * low; if (UNITS > 4) { middle8 += b * middle; } if (UNITS > 8) { high8 += b * high; } }
    if (WIDTH > 9) { let b = signal_of(sign, above + place9); low9 += b * low; if (UNITS > 4) { middle9 += b * middle; } if (UNITS > 8) { high9 += b * high; } }
    w += fan_in;
    above += capacity;
  }
  { let sample = sample_of(stream, place0); put4(low_rows, size, j + 0 * LANES, sample, low0); if (UNITS > 4) { put4(middle_rows, size, j + 0 * LANES, sample, middle0); } if (UNITS > 8) { put4(high_rows, size, j + 0 * LANES, sample, high0); } }
  if (WIDTH > 1) { let sample = sample_of(stream, place1); put4(low_rows, size, j + 1 * LANES, sample, low1); if (UNITS > 4) { put4(middle_rows, size, j + 1 * LANES, sample, middle1); } if (UNITS > 8) { put4(high_rows, size, j + 1 * LANES, sample, high1); } }
  if (WIDTH > 2) { let sample = sample_of(stream, place2); put4(low_rows, size, j + 2 * LANES, sample, low2); if (UNITS > 4) { put4(middle_rows, size, j + 2 * LANES, sample, middle2); } if (UNITS > 8) { put4(high_rows, size, j + 2 * LANES, sample, high2); } }
  if (WIDTH > 3) { let sample = sample_of(stream, place3); put4(low_rows, size, j + 3 * LANES, sample, low3); if (UNITS > 4) { put4(middle_rows, size, j + 3 * LANES, sample, middle3); } if (UNITS > 8) { put4(high_rows, size, j + 3 * LANES, sample, high3); } }
  if (WIDTH > 4) { let sample = sample_of(stream, place4); put4(low_rows, size, j + 4 * LANES, sample, low4); if (UNITS > 4) { put4(middle_rows, size, j + 4 * LANES, sample, middle4); } if (UNITS > 8) { put4(high_rows, size, j + 4 * LANES, sample, high4); } }
  if (WIDTH > 5) { let sample = sample_of(stream, place5); put4(low_rows, size, j + 5 * LANES, sample, low5); if (UNITS > 4) { put4(middle_rows, size, j + 5 * LANES, sample, middle5); } if (UNITS > 8) { put4(high_rows, size, j + 5 * LANES, sample, high5); } }
  if (WIDTH > 6) { let sample = sample_of(stream, place6); put4(low_rows, size, j + 6 * LANES, sample, low6); if (UNITS > 4) { put4(middle_rows, size, j + 6 * LANES, sample, middle6); } if (UNITS > 8) { put4(high_rows, size, j + 6 * LANES, sample, high6); } }
  if (WIDTH > 7) { let sample = sample_of(stream, place7); put4(low_rows, size, j + 7 * LANES, sample, low7); if (UNITS > 4) { put4(middle_rows, size, j + 7 * LANES, sample, middle7); } if (UNITS > 8) { put4(high_rows, size, j + 7 * LANES, sample, high7); } }
  if (WIDTH > 8) { let sample = sample_of(stream, place8); put4(low_rows, size, j + 8 * LANES, sample, low8); if (UNITS > 4) { put4(middle_rows, size, j + 8 * LANES, sample, middle8); } if (UNITS > 8) { put4(high_rows, size, j + 8 * LANES, sample, high8); } }
  if (WIDTH > 9) { let sample = sample_of(stream, place9); put4(low_rows, size, j + 9 * LANES, sample, low9); if (UNITS > 4) { put4(middle_rows, size, j + 9 * LANES, sample, middle9); } if (UNITS > 8) { put4(high_rows, size, j + 9 * LANES, sample, high9); } }
}
