// Signals back through one layer of ReLU networks, at w(0) and as a change since:
//
//   B0 = 1[Z0 > 0] W0^T B0 above, B = 1 at the output;   dB = B - B0 without cancelling: W^T dB + D^T B0 of those above
//   where a unit is active before and after, W^T (B0 + dB) where it has become active, -B0 where it no longer is
//
//   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ   signals [runs, units, samples]: B0
//   changes [runs, copies, units, samples]: dB   TOP: the layer above is the output: W^T B is W, and D^T B0 is D.
//   START: B0 is made, in `changes`, bound with copies = 1, and `weights` holds W0.
//
// Sums run over the layer above in index order, W dB before D B0, in every variant:
// |error| <= gamma(2 fan_out + 1) (|W|^T |dB| + |D|^T |B0|), and what the errors of dB above make of it.
//
//   plain   an invocation owns one sample (x) of one unit below (y) of one network (z: entry of the tile table and copy)
//   tiled   an invocation owns 8 samples x 8 units in registers; its samples lie LANES apart

// use tile

struct Params {
  samples: u32,
  channels: u32,
  copies: u32,
  units: u32,
  stride: u32,
  parameters: u32,
  // The layer: its first weight, its units below and above, and the first rows of both.
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override LANES: u32 = 64;
override TOP: bool = false;
override START: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> signals: array<f32>;
@group(0) @binding(7) var<storage, read_write> changes: array<f32>;

// Where one network's numbers lie.
struct Network {
  // The layer's D and W.
  state: u32,
  weights: u32,
  // First entries of Z0 and B0, of dZ and dB.
  start: u32,
  change: u32,
}

fn network(entry: u32) -> Network {
  let run = singles[entry / params.copies * TILE + 4] / params.channels;
  let copy = entry % params.copies;
  let own = run * params.copies + copy;
  return Network(
    run * params.stride + copy * params.parameters + params.offset,
    own * params.parameters + params.offset,
    run * params.units * params.samples,
    own * params.units * params.samples,
  );
}

// `change` is W^T dB + D^T B0, and `now` W^T B: at w(0) or where the unit has become active.
fn put(own: Network, unit: u32, j: u32, change: f32, now: f32) {
  if (unit < params.fan_in && j < params.samples) {
    let at = (params.below + unit) * params.samples + j;
    let before = base[own.start + at];
    var value = select(0.0, now, before > 0.0);
    if (!START) {
      let after = before + z[own.change + at];
      value = select(0.0, -signals[own.start + at], before > 0.0);
      if (after > 0.0) {
        value = select(now, change, before > 0.0);
      }
    }
    changes[own.change + at] = value;
  }
}

@compute @workgroup_size(LANES)
fn plain(@builtin(global_invocation_id) id: vec3u) {
  let own = network(id.z);
  let unit = id.y;
  let j = id.x;
  let N = params.samples;
  if (j >= N) {
    return;
  }
  let above = params.above * N + j;
  var change = 0.0;
  var now = 0.0;
  for (var k = 0u; k < params.fan_out; k++) {
    let weight = k * params.fan_in + unit;
    let W = weights[own.weights + weight];
    if (TOP) {
      now = W;
      if (!START) {
        change = state[own.state + weight];
      }
    } else if (START) {
      now += W * changes[own.change + above + k * N];
    } else {
      let dB = changes[own.change + above + k * N];
      let B0 = signals[own.start + above + k * N];
      change += W * dB;
      change += state[own.state + weight] * B0;
      now += W * (B0 + dB);
    }
  }
  put(own, unit, j, change, now);
}

fn put8(own: Network, unit: u32, j: u32, change_low: vec4f, change_high: vec4f, low: vec4f, high: vec4f) {
  put(own, unit, j, change_low.x, low.x);
  put(own, unit, j + LANES, change_low.y, low.y);
  put(own, unit, j + 2 * LANES, change_low.z, low.z);
  put(own, unit, j + 3 * LANES, change_low.w, low.w);
  put(own, unit, j + 4 * LANES, change_high.x, high.x);
  put(own, unit, j + 5 * LANES, change_high.y, high.y);
  put(own, unit, j + 6 * LANES, change_high.z, high.z);
  put(own, unit, j + 7 * LANES, change_high.w, high.w);
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let own = network(group.z);
  let unit = group.y * 8;
  let j = group.x * 8 * LANES + lane.x;
  let N = params.samples;
  let end = N - 1;
  let fan_in = params.fan_in;
  let last = fan_in - 1;
  // Samples and units past the end repeat the last, unwritten.
  let low_j = vec4u(min(j, end), min(j + LANES, end), min(j + 2 * LANES, end), min(j + 3 * LANES, end));
  let high_j = vec4u(min(j + 4 * LANES, end), min(j + 5 * LANES, end), min(j + 6 * LANES, end), min(j + 7 * LANES, end));
  let low_u = min(unit + vec4u(0, 1, 2, 3), vec4u(last));
  let high_u = min(unit + vec4u(4, 5, 6, 7), vec4u(last));
  var d = own.state;
  var w = own.weights;
  var start = own.start + params.above * N;
  var change = own.change + params.above * N;

  var c_low0 = vec4f(); var c_high0 = vec4f(); var n_low0 = vec4f(); var n_high0 = vec4f();
  var c_low1 = vec4f(); var c_high1 = vec4f(); var n_low1 = vec4f(); var n_high1 = vec4f();
  var c_low2 = vec4f(); var c_high2 = vec4f(); var n_low2 = vec4f(); var n_high2 = vec4f();
  var c_low3 = vec4f(); var c_high3 = vec4f(); var n_low3 = vec4f(); var n_high3 = vec4f();
  var c_low4 = vec4f(); var c_high4 = vec4f(); var n_low4 = vec4f(); var n_high4 = vec4f();
  var c_low5 = vec4f(); var c_high5 = vec4f(); var n_low5 = vec4f(); var n_high5 = vec4f();
  var c_low6 = vec4f(); var c_high6 = vec4f(); var n_low6 = vec4f(); var n_high6 = vec4f();
  var c_low7 = vec4f(); var c_high7 = vec4f(); var n_low7 = vec4f(); var n_high7 = vec4f();

  for (var k = 0u; k < params.fan_out; k++) {
    var low_dB = vec4f();
    var high_dB = vec4f();
    // B: with its change, or at w(0).
    var low_B = vec4f(1.0);
    var high_B = vec4f(1.0);
    var low_B0 = vec4f(1.0);
    var high_B0 = vec4f(1.0);
    if (!TOP) {
      let low = change + low_j;
      let high = change + high_j;
      low_B = vec4f(changes[low.x], changes[low.y], changes[low.z], changes[low.w]);
      high_B = vec4f(changes[high.x], changes[high.y], changes[high.z], changes[high.w]);
      if (!START) {
        let low_start = start + low_j;
        let high_start = start + high_j;
        low_dB = low_B;
        high_dB = high_B;
        low_B0 = vec4f(signals[low_start.x], signals[low_start.y], signals[low_start.z], signals[low_start.w]);
        high_B0 = vec4f(signals[high_start.x], signals[high_start.y], signals[high_start.z], signals[high_start.w]);
        low_B = low_B0 + low_dB;
        high_B = high_B0 + high_dB;
      }
    }
    {
      let W = weights[w + low_u.x]; n_low0 += W * low_B; n_high0 += W * high_B;
      if (!START) {
        if (!TOP) { c_low0 += W * low_dB; c_high0 += W * high_dB; }
        let D = state[d + low_u.x]; c_low0 += D * low_B0; c_high0 += D * high_B0;
      }
    }
    {
      let W = weights[w + low_u.y]; n_low1 += W * low_B; n_high1 += W * high_B;
      if (!START) {
        if (!TOP) { c_low1 += W * low_dB; c_high1 += W * high_dB; }
        let D = state[d + low_u.y]; c_low1 += D * low_B0; c_high1 += D * high_B0;
      }
    }
    {
      let W = weights[w + low_u.z]; n_low2 += W * low_B; n_high2 += W * high_B;
      if (!START) {
        if (!TOP) { c_low2 += W * low_dB; c_high2 += W * high_dB; }
        let D = state[d + low_u.z]; c_low2 += D * low_B0; c_high2 += D * high_B0;
      }
    }
    {
      let W = weights[w + low_u.w]; n_low3 += W * low_B; n_high3 += W * high_B;
      if (!START) {
        if (!TOP) { c_low3 += W * low_dB; c_high3 += W * high_dB; }
        let D = state[d + low_u.w]; c_low3 += D * low_B0; c_high3 += D * high_B0;
      }
    }
    {
      let W = weights[w + high_u.x]; n_low4 += W * low_B; n_high4 += W * high_B;
      if (!START) {
        if (!TOP) { c_low4 += W * low_dB; c_high4 += W * high_dB; }
        let D = state[d + high_u.x]; c_low4 += D * low_B0; c_high4 += D * high_B0;
      }
    }
    {
      let W = weights[w + high_u.y]; n_low5 += W * low_B; n_high5 += W * high_B;
      if (!START) {
        if (!TOP) { c_low5 += W * low_dB; c_high5 += W * high_dB; }
        let D = state[d + high_u.y]; c_low5 += D * low_B0; c_high5 += D * high_B0;
      }
    }
    {
      let W = weights[w + high_u.z]; n_low6 += W * low_B; n_high6 += W * high_B;
      if (!START) {
        if (!TOP) { c_low6 += W * low_dB; c_high6 += W * high_dB; }
        let D = state[d + high_u.z]; c_low6 += D * low_B0; c_high6 += D * high_B0;
      }
    }
    {
      let W = weights[w + high_u.w]; n_low7 += W * low_B; n_high7 += W * high_B;
      if (!START) {
        if (!TOP) { c_low7 += W * low_dB; c_high7 += W * high_dB; }
        let D = state[d + high_u.w]; c_low7 += D * low_B0; c_high7 += D * high_B0;
      }
    }
    d += fan_in;
    w += fan_in;
    start += N;
    change += N;
  }
  put8(own, unit, j, c_low0, c_high0, n_low0, n_high0);
  put8(own, unit + 1, j, c_low1, c_high1, n_low1, n_high1);
  put8(own, unit + 2, j, c_low2, c_high2, n_low2, n_high2);
  put8(own, unit + 3, j, c_low3, c_high3, n_low3, n_high3);
  put8(own, unit + 4, j, c_low4, c_high4, n_low4, n_high4);
  put8(own, unit + 5, j, c_low5, c_high5, n_low5, n_high5);
  put8(own, unit + 6, j, c_low6, c_high6, n_low6, n_high6);
  put8(own, unit + 7, j, c_low7, c_high7, n_low7, n_high7);
}
