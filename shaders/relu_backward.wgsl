// Signals back through one layer of ReLU networks:  B[u, j] = 1[Z0 + dZ > 0] sum over k of W[k, u] B above[k, j]
//
//   delta [runs, copies, units, capacity]: B times dL/df of the sample   signal [rows, capacity]: row `slope` of each
//   run holds dL/df, which the second copy takes with the other sign   ReLU'(0) = 0
//   TOP: the layer above is the output, so that B = 1[Z0 + dZ > 0] W[u] (+-dL/df).
//
// Sums run over the layer above in index order, in every variant: |error| <= gamma(fan_out) |W|^T |B above|.
//
//   plain   an invocation owns one sample (x) of one unit below (y) of one network (z: entry of the tile table and copy)
//   tiled   an invocation owns 8 samples x 4 units in registers; its samples lie LANES apart

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

struct Step {
  // Updates before this one.
  index: u32,
  // The batch: entries start .. start + size of row `order` of the order table.
  start: u32,
  size: u32,
  order: u32,
  // 1 / size for a mean over the batch, 1 for a sum.
  scale: f32,
}

override SHUFFLED: bool = false;
override LANES: u32 = 64;
override TOP: bool = false;

const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> weights: array<f32>;
@group(0) @binding(7) var<storage, read> signal: array<f32>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;

// The sample in place j of the batch; places past its end repeat the last.
fn sample_of(stream: u32, j: u32) -> u32 {
  let place = step.start + min(j, step.size - 1);
  if (SHUFFLED) {
    return order[(step.order * params.streams + stream) * params.samples + place];
  }
  return place;
}

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
    let weight = weights[own.weights + k * params.fan_in + id.y];
    if (TOP) {
      sum += weight * (own.sign * signal[own.slope + j]);
    } else {
      sum += weight * delta[own.above + k * params.capacity + j];
    }
  }
  put(own, id.y, j, sample_of(singles[own.tile + 2], j), sum);
}

fn put8(own: Network, unit: u32, j: u32, low_sample: vec4u, high_sample: vec4u, low: vec4f, high: vec4f) {
  put(own, unit, j, low_sample.x, low.x);
  put(own, unit, j + LANES, low_sample.y, low.y);
  put(own, unit, j + 2 * LANES, low_sample.z, low.z);
  put(own, unit, j + 3 * LANES, low_sample.w, low.w);
  put(own, unit, j + 4 * LANES, high_sample.x, high.x);
  put(own, unit, j + 5 * LANES, high_sample.y, high.y);
  put(own, unit, j + 6 * LANES, high_sample.z, high.z);
  put(own, unit, j + 7 * LANES, high_sample.w, high.w);
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let own = network(group.z);
  let j = group.x * 8 * LANES + lane.x;
  // A ragged batch may leave whole groups without samples.
  if (group.x * 8 * LANES >= step.size) {
    return;
  }
  let end = step.size - 1;
  let low_j = min(vec4u(j, j + LANES, j + 2 * LANES, j + 3 * LANES), vec4u(end));
  let high_j = min(vec4u(j + 4 * LANES, j + 5 * LANES, j + 6 * LANES, j + 7 * LANES), vec4u(end));
  let stream = singles[own.tile + 2];
  let low_sample = vec4u(
    sample_of(stream, low_j.x), sample_of(stream, low_j.y), sample_of(stream, low_j.z), sample_of(stream, low_j.w));
  let high_sample = vec4u(
    sample_of(stream, high_j.x), sample_of(stream, high_j.y),
    sample_of(stream, high_j.z), sample_of(stream, high_j.w));
  // Units past the end repeat the last, unwritten.
  let unit = group.y * 4;
  let W = own.weights + min(vec4u(unit, unit + 1, unit + 2, unit + 3), vec4u(params.fan_in - 1));

  var low0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var high3 = vec4f();

  for (var k = 0u; k < params.fan_out; k++) {
    var low: vec4f;
    var high: vec4f;
    if (TOP) {
      let s = own.slope;
      low = own.sign * vec4f(
        signal[s + low_j.x], signal[s + low_j.y], signal[s + low_j.z], signal[s + low_j.w]);
      high = own.sign * vec4f(
        signal[s + high_j.x], signal[s + high_j.y], signal[s + high_j.z], signal[s + high_j.w]);
    } else {
      let d = own.above + k * params.capacity;
      low = vec4f(delta[d + low_j.x], delta[d + low_j.y], delta[d + low_j.z], delta[d + low_j.w]);
      high = vec4f(delta[d + high_j.x], delta[d + high_j.y], delta[d + high_j.z], delta[d + high_j.w]);
    }
    let c = k * params.fan_in;
    let w0 = weights[W.x + c]; low0 += w0 * low; high0 += w0 * high;
    let w1 = weights[W.y + c]; low1 += w1 * low; high1 += w1 * high;
    let w2 = weights[W.z + c]; low2 += w2 * low; high2 += w2 * high;
    let w3 = weights[W.w + c]; low3 += w3 * low; high3 += w3 * high;
  }
  put8(own, unit, j, low_sample, high_sample, low0, high0);
  put8(own, unit + 1, j, low_sample, high_sample, low1, high1);
  put8(own, unit + 2, j, low_sample, high_sample, low2, high2);
  put8(own, unit + 3, j, low_sample, high_sample, low3, high3);
}
