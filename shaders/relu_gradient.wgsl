// Gradients of one layer of ReLU networks:  G[u, i] = sum over samples j of the batch of B[u, j] H[i, j]
//
//   delta [runs, copies, units, capacity]: B, signals back times dL/df; TOP: the layer above is the output, and its B
//   is row `slope` of the run's rows of `signal` [rows, capacity], which the second copy takes with the other sign
//   H = [Z0 + dZ]+ of the layer below, from base and z; FIRST: the input X transposed [data, inputs, samples];
//   G in gradients [runs, copies, parameters]: layers [fan_out, fan_in] from `offset` on
//   START: everything at w(0), J0^T a: `delta` holds signals back S0 [runs, units, samples] as relu_signals.wgsl makes
//   them, `signal` the states, whose entries from `slope` on are a, and copies is 1.
//
//   plain   an invocation owns one weight (x) of one network (y: entry of the tile table and copy); samples in order:
//           |error| <= gamma(batch + 1) |B| |H|^T
//   tiled   a workgroup owns 4 units x 8 units below (x, y) of one network (z). Each lane takes every LANES-th sample
//           and keeps all 32 sums in registers, so that neighbours load neighbours; lanes are then added in order:
//           |error| <= gamma(batch / LANES + LANES + 1) |B| |H|^T

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
override LANES: u32 = 4;
override FIRST: bool = false;
override TOP: bool = false;
override START: bool = false;

const TILE = 12u;
// Sums of 32 lanes, the most that the tiled variant may have, 32 each.
const SUMS = 1024u;

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

var<workgroup> sums: array<f32, SUMS>;

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

// Activation of a unit below.
fn below_of(own: Network, unit: u32, j: u32, sample: u32) -> f32 {
  if (FIRST) {
    return X[own.x + unit * params.samples + sample];
  }
  let start = base[own.base + unit * params.samples + sample];
  if (START) {
    return max(start, 0.0);
  }
  return max(start + z[own.z + unit * params.capacity + j], 0.0);
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
  var sum = 0.0;
  for (var j = 0u; j < step.size; j++) {
    sum += above_of(own, id.x / params.fan_in, j) * below_of(own, id.x % params.fan_in, j, sample_of(stream, j));
  }
  gradients[own.gradients + id.x] = sum;
}

fn keep(at: u32, low: vec4f, high: vec4f) {
  sums[at] = low.x;
  sums[at + 1] = low.y;
  sums[at + 2] = low.z;
  sums[at + 3] = low.w;
  sums[at + 4] = high.x;
  sums[at + 5] = high.y;
  sums[at + 6] = high.z;
  sums[at + 7] = high.w;
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = network(group.z);
  let stream = singles[own.tile + 2];
  // Units past the end repeat the last, unwritten.
  let u = min(4 * group.x + vec4u(0, 1, 2, 3), vec4u(params.fan_out - 1));
  let low_i = min(8 * group.y + vec4u(0, 1, 2, 3), vec4u(params.fan_in - 1));
  let high_i = min(8 * group.y + vec4u(4, 5, 6, 7), vec4u(params.fan_in - 1));
  var low0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var high3 = vec4f();
  for (var j = lane; j < step.size; j += LANES) {
    let sample = sample_of(stream, j);
    let low = vec4f(
      below_of(own, low_i.x, j, sample), below_of(own, low_i.y, j, sample),
      below_of(own, low_i.z, j, sample), below_of(own, low_i.w, j, sample));
    let high = vec4f(
      below_of(own, high_i.x, j, sample), below_of(own, high_i.y, j, sample),
      below_of(own, high_i.z, j, sample), below_of(own, high_i.w, j, sample));
    let b0 = above_of(own, u.x, j); low0 += b0 * low; high0 += b0 * high;
    let b1 = above_of(own, u.y, j); low1 += b1 * low; high1 += b1 * high;
    let b2 = above_of(own, u.z, j); low2 += b2 * low; high2 += b2 * high;
    let b3 = above_of(own, u.w, j); low3 += b3 * low; high3 += b3 * high;
  }
  keep(32 * lane, low0, high0);
  keep(32 * lane + 8, low1, high1);
  keep(32 * lane + 16, low2, high2);
  keep(32 * lane + 24, low3, high3);
  workgroupBarrier();
  for (var entry = lane; entry < 32; entry += LANES) {
    var sum = 0.0;
    for (var other = 0u; other < LANES; other++) {
      sum += sums[32 * other + entry];
    }
    let unit = 4 * group.x + entry / 8;
    let i = 8 * group.y + entry % 8;
    if (unit < params.fan_out && i < params.fan_in) {
      gradients[own.gradients + unit * params.fan_in + i] = sum;
    }
  }
}
