// One layer of ReLU networks, as its change since w(0), one network a run and copy:
//
//   dZ = D H0 + W dH,   H0 = [Z0]+,   H = [Z0 + dZ below]+,   dH = H - H0
//
//   base [runs, units, samples]: Z0, pre-activations at w(0)   z [runs, copies, units, capacity]: dZ; units are all
//   hidden ones and the output   start, D = state, W = weights: layers [fan_out, fan_in] from `offset` on
//   FIRST: the layer below is the input X transposed [data, inputs, samples], which does not change: dZ = D X.
//   START: nothing is known of Z0 yet: z becomes W [z below]+, W bound as `state`, which is Z0 itself.
//
// So a change far smaller than what it changes keeps its digits, and where both copies start alike their difference
// cancels nothing. Where every unit below is inactive dZ = -Z0, so that Z is 0 and not what rounding leaves. Sums run over the layer below in index order, D H0 before W dH, in every variant:
// |error| <= gamma(2 fan_in + 2) (|D| |H0| + |W| |dH|), and what the errors of dZ below make of it.
//
//   plain   an invocation owns one sample (x) of one unit (y) of one network (z: entry of the tile table and copy)
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
override FIRST: bool = false;
override START: bool = false;

const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> base: array<f32>;
@group(0) @binding(6) var<storage, read> state: array<f32>;
@group(0) @binding(7) var<storage, read> weights: array<f32>;
@group(0) @binding(8) var<storage, read_write> z: array<f32>;

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
  // First entries: inputs of the data, Z0 below and above, dZ, D and W of the layer.
  x: u32,
  base: u32,
  base_above: u32,
  z: u32,
  state: u32,
  weights: u32,
}

fn network(entry: u32) -> Network {
  let tile = entry / params.copies * TILE;
  let copy = entry % params.copies;
  let run = singles[tile + 4] / params.channels;
  let own = run * params.copies + copy;
  return Network(
    tile,
    singles[tile] * params.inputs * params.samples,
    (run * params.units + params.below) * params.samples,
    (run * params.units + params.above) * params.samples,
    own * params.units * params.capacity,
    run * params.stride + copy * params.parameters + params.offset,
    own * params.parameters + params.offset,
  );
}

// dH: where a unit is active before and after, the change itself; else one of the two is zero.
fn change4(start: vec4f, change: vec4f) -> vec4f {
  let end = start + change;
  return select(max(end, vec4f()) - max(start, vec4f()), change, (start > vec4f()) & (end > vec4f()));
}

@compute @workgroup_size(LANES)
fn plain(@builtin(global_invocation_id) id: vec3u) {
  let own = network(id.z);
  let j = id.x;
  if (j >= step.size) {
    return;
  }
  let sample = sample_of(singles[own.tile + 2], j);
  let row = id.y * params.fan_in;
  var sum = 0.0;
  var alive = 0.0;
  for (var i = 0u; i < params.fan_in; i++) {
    if (FIRST) {
      sum += state[own.state + row + i] * X[own.x + i * params.samples + sample];
    } else {
      let below = z[own.z + (params.below + i) * params.capacity + j];
      if (START) {
        sum += state[own.state + row + i] * max(below, 0.0);
      } else {
        let start = base[own.base + i * params.samples + sample];
        alive = max(alive, start + below);
        sum += state[own.state + row + i] * max(start, 0.0);
        sum += weights[own.weights + row + i] * change4(vec4f(start), vec4f(below)).x;
      }
    }
  }
  put(own, id.y, j, sample, sum, alive);
}

// `alive`: the largest pre-activation below, at least 0.
fn put(own: Network, unit: u32, j: u32, sample: u32, value: f32, alive: f32) {
  if (j < step.size) {
    var change = value;
    if (!FIRST && !START && !(alive > 0.0)) {
      change = -base[own.base_above + unit * params.samples + sample];
    }
    z[own.z + (params.above + unit) * params.capacity + j] = change;
  }
}

fn put4(own: Network, unit: u32, j: u32, sample: vec4u, value: vec4f, alive: vec4f) {
  if (unit < params.fan_out) {
    put(own, unit, j, sample.x, value.x, alive.x);
    put(own, unit, j + LANES, sample.y, value.y, alive.y);
    put(own, unit, j + 2 * LANES, sample.z, value.z, alive.z);
    put(own, unit, j + 3 * LANES, sample.w, value.w, alive.w);
  }
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
  let last = params.fan_out - 1;
  let rows = params.fan_in * min(vec4u(unit, unit + 1, unit + 2, unit + 3), vec4u(last));
  let D = own.state + rows;
  let W = own.weights + rows;
  let N = params.samples;

  var low0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var high3 = vec4f();
  var low_alive = vec4f(); var high_alive = vec4f();

  if (FIRST) {
    let low_x = own.x + low_sample;
    let high_x = own.x + high_sample;
    for (var i = 0u; i < params.fan_in; i++) {
      let c = i * N;
      let low = vec4f(X[low_x.x + c], X[low_x.y + c], X[low_x.z + c], X[low_x.w + c]);
      let high = vec4f(X[high_x.x + c], X[high_x.y + c], X[high_x.z + c], X[high_x.w + c]);
      let d0 = state[D.x + i]; low0 += d0 * low; high0 += d0 * high;
      let d1 = state[D.y + i]; low1 += d1 * low; high1 += d1 * high;
      let d2 = state[D.z + i]; low2 += d2 * low; high2 += d2 * high;
      let d3 = state[D.w + i]; low3 += d3 * low; high3 += d3 * high;
    }
  } else {
    let low_base = own.base + low_sample;
    let high_base = own.base + high_sample;
    let low_z = own.z + params.below * params.capacity + low_j;
    let high_z = own.z + params.below * params.capacity + high_j;
    for (var i = 0u; i < params.fan_in; i++) {
      let c = i * params.capacity;
      let low_below = vec4f(z[low_z.x + c], z[low_z.y + c], z[low_z.z + c], z[low_z.w + c]);
      let high_below = vec4f(z[high_z.x + c], z[high_z.y + c], z[high_z.z + c], z[high_z.w + c]);
      if (START) {
        let low = max(low_below, vec4f());
        let high = max(high_below, vec4f());
        let d0 = state[D.x + i]; low0 += d0 * low; high0 += d0 * high;
        let d1 = state[D.y + i]; low1 += d1 * low; high1 += d1 * high;
        let d2 = state[D.z + i]; low2 += d2 * low; high2 += d2 * high;
        let d3 = state[D.w + i]; low3 += d3 * low; high3 += d3 * high;
      } else {
        let b = i * N;
        let low_start = vec4f(
          base[low_base.x + b], base[low_base.y + b], base[low_base.z + b], base[low_base.w + b]);
        let high_start = vec4f(
          base[high_base.x + b], base[high_base.y + b], base[high_base.z + b], base[high_base.w + b]);
        low_alive = max(low_alive, low_start + low_below);
        high_alive = max(high_alive, high_start + high_below);
        let low = max(low_start, vec4f());
        let high = max(high_start, vec4f());
        let low_change = change4(low_start, low_below);
        let high_change = change4(high_start, high_below);
        let d0 = state[D.x + i]; low0 += d0 * low; high0 += d0 * high;
        let d1 = state[D.y + i]; low1 += d1 * low; high1 += d1 * high;
        let d2 = state[D.z + i]; low2 += d2 * low; high2 += d2 * high;
        let d3 = state[D.w + i]; low3 += d3 * low; high3 += d3 * high;
        let w0 = weights[W.x + i]; low0 += w0 * low_change; high0 += w0 * high_change;
        let w1 = weights[W.y + i]; low1 += w1 * low_change; high1 += w1 * high_change;
        let w2 = weights[W.z + i]; low2 += w2 * low_change; high2 += w2 * high_change;
        let w3 = weights[W.w + i]; low3 += w3 * low_change; high3 += w3 * high_change;
      }
    }
  }
  put4(own, unit, j, low_sample, low0, low_alive);
  put4(own, unit, j + 4 * LANES, high_sample, high0, high_alive);
  put4(own, unit + 1, j, low_sample, low1, low_alive);
  put4(own, unit + 1, j + 4 * LANES, high_sample, high1, high_alive);
  put4(own, unit + 2, j, low_sample, low2, low_alive);
  put4(own, unit + 2, j + 4 * LANES, high_sample, high2, high_alive);
  put4(own, unit + 3, j, low_sample, low3, low_alive);
  put4(own, unit + 3, j + 4 * LANES, high_sample, high3, high_alive);
}
