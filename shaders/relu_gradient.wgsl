// Gradients of one layer of ReLU networks:  G[u, i] = sum over samples j of the batch of B[u, j] H[i, j]
//
//   delta [runs, copies, units, capacity]: B, signals back times dL/df; TOP: the layer above is the output, and its B
//   is row `slope` of the run's rows of `signal` [rows, capacity], which the second copy takes with the other sign
//   H = [Z0 + dZ]+ of the layer below, from base and z; FIRST: the input X transposed [data, inputs, samples];
//   G in gradients [runs, copies, parameters]: layers [fan_out, fan_in] from `offset` on
//   START: everything at w(0), J0^T a: `delta` holds signals back B0 [runs, units, samples] as relu_signals.wgsl makes
//   them, `signal` the states, whose entries from `slope` on are a, and copies is 1.
//
//   plain   an invocation owns one weight (x) of one network (y: entry of the tile table and copy); samples in order:
//           |error| <= gamma(batch + 1) |B| |H|^T
//   tiled   a workgroup owns UNITS units x WIDTH units below (x, y) of one network (z). Each lane takes every LANES-th
//           sample and keeps all sums in registers, so that neighbours load neighbours; lanes are then added in order:
//           |error| <= gamma(batch / LANES + LANES + 1) |B| |H|^T

// use minibatch
// use rectifier
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
  // Row of dL/df among those of a run; START: where a begins in its state.
  slope: u32,
  // The layer: its first weight, its units below and above, and the first rows of both.
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override LANES: u32 = 4;
override FIRST: bool = false;
override TOP: bool = false;
override START: bool = false;
// Units below, at most 10, and above, 4, 8 or 12, or 1 at the output, that a workgroup of `tiled` owns.
override WIDTH: u32 = 8;
override UNITS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> base: array<f32>;
@group(0) @binding(6) var<storage, read> z: array<f32>;
@group(0) @binding(7) var<storage, read> delta: array<f32>;
@group(0) @binding(8) var<storage, read> signal: array<f32>;
@group(0) @binding(9) var<storage, read_write> gradients: array<f32>;

// Sums of every lane: entry, then lane.
var<workgroup> sums: array<f32, UNITS * WIDTH * LANES>;

// Where one network's numbers lie.
struct Network {
  tile: u32,
  // First entries: inputs of the data, Z0 and dZ below, B and Z0 above, dL/df with its sign, G.
  x: u32,
  base: u32,
  z: u32,
  above: u32,
  base_above: u32,
  slope: u32,
  gradients: u32,
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
    singles[tile] * params.inputs * params.samples,
    (run * params.units + params.below) * params.samples,
    (own * params.units + params.below) * params.capacity,
    (own * params.units + params.above) * params.capacity,
    (run * params.units + params.above) * params.samples,
    select((row + params.slope) * params.capacity, run * params.stride + params.slope, START),
    own * params.parameters + params.offset,
    1.0 - 2.0 * f32(copy),
  );
}

// Activation of a unit below, from its places in X or base, and in z.
fn activation(at: u32, change_at: u32) -> f32 {
  if (FIRST) {
    return X[at];
  }
  if (START) {
    return positive(base[at]);
  }
  return positive(base[at] + z[change_at]);
}

// Signal back at a unit above.
fn above_of(own: Network, unit: u32, j: u32) -> f32 {
  if (TOP) {
    return own.sign * signal[own.slope + j];
  }
  if (START) {
    let at = unit * params.samples + j;
    return select(0.0, delta[own.above + at] * signal[own.slope + j], base[own.base_above + at] > 0.0);
  }
  return delta[own.above + unit * params.capacity + j];
}

@compute @workgroup_size(LANES)
fn plain(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.fan_in * params.fan_out) {
    return;
  }
  let own = network(id.y);
  let stream = singles[own.tile + 2];
  let below = id.x % params.fan_in;
  let at = select(own.base, own.x, FIRST) + below * params.samples;
  var sum = 0.0;
  for (var j = 0u; j < step.size; j++) {
    let h = activation(at + sample_of(stream, j), own.z + below * params.capacity + j);
    sum += above_of(own, id.x / params.fan_in, j) * h;
  }
  gradients[own.gradients + id.x] = sum;
}

// Keeps a lane's sums of four units above and one below, the sums of `row` and the next three rows of WIDTH.
fn keep(row: u32, i: u32, lane: u32, value: vec4f) {
  let at = (row * WIDTH + i) * LANES + lane;
  sums[at] = value.x;
  if (UNITS > 1) {
    sums[at + WIDTH * LANES] = value.y;
    sums[at + 2 * WIDTH * LANES] = value.z;
    sums[at + 3 * WIDTH * LANES] = value.w;
  }
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = network(group.z);
  let stream = singles[own.tile + 2];
  // Units past the end repeat the last, unwritten.
  let last = vec4u(params.fan_out - 1);
  let unit = group.x * UNITS;
  let low_rows = own.above + params.capacity * min(unit + vec4u(0, 1, 2, 3), last);
  let middle_rows = own.above + params.capacity * min(unit + vec4u(4, 5, 6, 7), last);
  let high_rows = own.above + params.capacity * min(unit + vec4u(8, 9, 10, 11), last);
  let first = group.y * WIDTH;
  let end = params.fan_in - 1;
  let base0 = select(own.base, own.x, FIRST) + min(first + 0, end) * params.samples; let z0 = own.z + min(first + 0, end) * params.capacity;
  let base1 = select(own.base, own.x, FIRST) + min(first + 1, end) * params.samples; let z1 = own.z + min(first + 1, end) * params.capacity;
  let base2 = select(own.base, own.x, FIRST) + min(first + 2, end) * params.samples; let z2 = own.z + min(first + 2, end) * params.capacity;
  let base3 = select(own.base, own.x, FIRST) + min(first + 3, end) * params.samples; let z3 = own.z + min(first + 3, end) * params.capacity;
  let base4 = select(own.base, own.x, FIRST) + min(first + 4, end) * params.samples; let z4 = own.z + min(first + 4, end) * params.capacity;
  let base5 = select(own.base, own.x, FIRST) + min(first + 5, end) * params.samples; let z5 = own.z + min(first + 5, end) * params.capacity;
  let base6 = select(own.base, own.x, FIRST) + min(first + 6, end) * params.samples; let z6 = own.z + min(first + 6, end) * params.capacity;
  let base7 = select(own.base, own.x, FIRST) + min(first + 7, end) * params.samples; let z7 = own.z + min(first + 7, end) * params.capacity;
  let base8 = select(own.base, own.x, FIRST) + min(first + 8, end) * params.samples; let z8 = own.z + min(first + 8, end) * params.capacity;
  let base9 = select(own.base, own.x, FIRST) + min(first + 9, end) * params.samples; let z9 = own.z + min(first + 9, end) * params.capacity;
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
  // What a loop reads again and again is read once.
  let size = step.size;
  let sign = own.sign;
  let slope = own.slope;
  for (var j = lane; j < size; j += LANES) {
    let sample = sample_of(stream, j);
    var low: vec4f;
    var middle: vec4f;
    var high: vec4f;
    if (TOP) {
      low = vec4f(sign * signal[slope + j]);
    } else {
      low = vec4f(delta[low_rows.x + j], delta[low_rows.y + j], delta[low_rows.z + j], delta[low_rows.w + j]);
      if (UNITS > 4) {
        middle = vec4f(
          delta[middle_rows.x + j], delta[middle_rows.y + j], delta[middle_rows.z + j], delta[middle_rows.w + j]);
      }
      if (UNITS > 8) {
        high = vec4f(delta[high_rows.x + j], delta[high_rows.y + j], delta[high_rows.z + j], delta[high_rows.w + j]);
      }
    }
    { let h = activation(base0 + sample, z0 + j); low0 += h * low; if (UNITS > 4) { middle0 += h * middle; } if (UNITS > 8) { high0 += h * high; } }
    if (WIDTH > 1) { let h = activation(base1 + sample, z1 + j); low1 += h * low; if (UNITS > 4) { middle1 += h * middle; } if (UNITS > 8) { high1 += h * high; } }
    if (WIDTH > 2) { let h = activation(base2 + sample, z2 + j); low2 += h * low; if (UNITS > 4) { middle2 += h * middle; } if (UNITS > 8) { high2 += h * high; } }
    if (WIDTH > 3) { let h = activation(base3 + sample, z3 + j); low3 += h * low; if (UNITS > 4) { middle3 += h * middle; } if (UNITS > 8) { high3 += h * high; } }
    if (WIDTH > 4) { let h = activation(base4 + sample, z4 + j); low4 += h * low; if (UNITS > 4) { middle4 += h * middle; } if (UNITS > 8) { high4 += h * high; } }
    if (WIDTH > 5) { let h = activation(base5 + sample, z5 + j); low5 += h * low; if (UNITS > 4) { middle5 += h * middle; } if (UNITS > 8) { high5 += h * high; } }
    if (WIDTH > 6) { let h = activation(base6 + sample, z6 + j); low6 += h * low; if (UNITS > 4) { middle6 += h * middle; } if (UNITS > 8) { high6 += h * high; } }
    if (WIDTH > 7) { let h = activation(base7 + sample, z7 + j); low7 += h * low; if (UNITS > 4) { middle7 += h * middle; } if (UNITS > 8) { high7 += h * high; } }
    if (WIDTH > 8) { let h = activation(base8 + sample, z8 + j); low8 += h * low; if (UNITS > 4) { middle8 += h * middle; } if (UNITS > 8) { high8 += h * high; } }
    if (WIDTH > 9) { let h = activation(base9 + sample, z9 + j); low9 += h * low; if (UNITS > 4) { middle9 += h * middle; } if (UNITS > 8) { high9 += h * high; } }
  }
  { keep(0, 0, lane, low0); if (UNITS > 4) { keep(4, 0, lane, middle0); } if (UNITS > 8) { keep(8, 0, lane, high0); } }
  if (WIDTH > 1) { keep(0, 1, lane, low1); if (UNITS > 4) { keep(4, 1, lane, middle1); } if (UNITS > 8) { keep(8, 1, lane, high1); } }
  if (WIDTH > 2) { keep(0, 2, lane, low2); if (UNITS > 4) { keep(4, 2, lane, middle2); } if (UNITS > 8) { keep(8, 2, lane, high2); } }
  if (WIDTH > 3) { keep(0, 3, lane, low3); if (UNITS > 4) { keep(4, 3, lane, middle3); } if (UNITS > 8) { keep(8, 3, lane, high3); } }
  if (WIDTH > 4) { keep(0, 4, lane, low4); if (UNITS > 4) { keep(4, 4, lane, middle4); } if (UNITS > 8) { keep(8, 4, lane, high4); } }
  if (WIDTH > 5) { keep(0, 5, lane, low5); if (UNITS > 4) { keep(4, 5, lane, middle5); } if (UNITS > 8) { keep(8, 5, lane, high5); } }
  if (WIDTH > 6) { keep(0, 6, lane, low6); if (UNITS > 4) { keep(4, 6, lane, middle6); } if (UNITS > 8) { keep(8, 6, lane, high6); } }
  if (WIDTH > 7) { keep(0, 7, lane, low7); if (UNITS > 4) { keep(4, 7, lane, middle7); } if (UNITS > 8) { keep(8, 7, lane, high7); } }
  if (WIDTH > 8) { keep(0, 8, lane, low8); if (UNITS > 4) { keep(4, 8, lane, middle8); } if (UNITS > 8) { keep(8, 8, lane, high8); } }
  if (WIDTH > 9) { keep(0, 9, lane, low9); if (UNITS > 4) { keep(4, 9, lane, middle9); } if (UNITS > 8) { keep(8, 9, lane, high9); } }
  workgroupBarrier();
  for (var entry = lane; entry < UNITS * WIDTH; entry += LANES) {
    var sum = 0.0;
    for (var other = 0u; other < LANES; other++) {
      sum += sums[entry * LANES + other];
    }
    let row = unit + entry / WIDTH;
    let i = first + entry % WIDTH;
    if (row < params.fan_out && i < params.fan_in) {
      gradients[own.gradients + row * params.fan_in + i] = sum;
    }
  }
}
