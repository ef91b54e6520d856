// One layer's part of ReLU networks' tangent kernels, as the change since w(0):
//
//   K = sum over copies and layers of (H H^T) o (B B^T): Gram matrices of the activations in and the signals back, in the
//   run's units
//   K - K0: (dG) o (Q0 + dQ) + G0 o dQ,   G - G0 = dH H^T + H0 dH^T,   Q - Q0 = dB B^T + B0 dB^T
//
//   X transposed [data, inputs, samples]   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ
//   signals [runs, units, samples]: B0   changes [runs, copies, units, samples]: dB (relu_signals.wgsl)
//   K [slots, samples, samples]: slot k is entry first + k of the tile table, so that memory does not grow with the
//   number of runs. FIRST: the layer below is the input, dG = 0, and K is written; else it is added to.
//   TOP: the layer above is the output, Q = 1. START: K0 itself, 2 G0 o Q0 where there are two copies, which start alike.
//
// No Jacobian is formed, and nothing cancels. One triangle is computed and mirrored. Sums run over units in index
// order: relative to the sum of absolute terms, each Gram matrix is right to gamma(3 units + 3).
//
//   plain   a workgroup owns 8 x 8 entries (x, y: block; z: slot), an invocation one
//   tiled   an invocation owns 8 rows x 8 columns in registers; columns lie LANES apart

// use rectifier
// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  copies: u32,
  units: u32,
  first: u32,
  // The layer's units below and above, and the first rows of both.
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override LANES: u32 = 4;
override FIRST: bool = false;
override TOP: bool = false;
override START: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;
@group(0) @binding(5) var<storage, read> signals: array<f32>;
@group(0) @binding(6) var<storage, read> changes: array<f32>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

// What is at a row or a column of H: at the start, and its change since. Where a unit is active before and after, that of Z
// itself; else one of the two is zero.
fn change_of(start: f32, change: f32) -> f32 {
  let end = start + change;
  return select(positive(end) - positive(start), change, (start > 0.0) & (end > 0.0));
}

fn change_of4(start: vec4f, change: vec4f) -> vec4f {
  let end = start + change;
  return select(positive4(end) - positive4(start), change, (start > vec4f()) & (end > vec4f()));
}

// Adds an entry's product to the kernel and to its mirror image.
fn put(slot: u32, i: u32, j: u32, value: f32) {
  let N = params.samples;
  if (i < N && j <= i) {
    var sum = value;
    if (!FIRST) {
      sum += K[(slot * N + i) * N + j];
    }
    K[(slot * N + i) * N + j] = sum;
    K[(slot * N + j) * N + i] = sum;
  }
}

@compute @workgroup_size(8, 8)
fn plain(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let i = group.y * 8 + lane.y;
  let j = group.x * 8 + lane.x;
  let N = params.samples;
  if (i >= N || j > i) {
    return;
  }
  let tile = (params.first + group.z) * TILE;
  let run = singles[tile + 4] / params.channels;
  let x = singles[tile] * params.inputs * N;
  let start = run * params.units * N;
  var total = 0.0;
  for (var copy = 0u; copy < params.copies; copy++) {
    let change = (run * params.copies + copy) * params.units * N;
    var G = 0.0;
    var dG = 0.0;
    for (var unit = 0u; unit < params.fan_in; unit++) {
      let row = (params.below + unit) * N;
      if (FIRST) {
        G += X[x + unit * N + i] * X[x + unit * N + j];
      } else {
        let H_i = positive(base[start + row + i]);
        let H_j = positive(base[start + row + j]);
        G += H_i * H_j;
        if (!START) {
          let dH_j = change_of(base[start + row + j], z[change + row + j]);
          dG += change_of(base[start + row + i], z[change + row + i]) * (H_j + dH_j) + H_i * dH_j;
        }
      }
    }
    var Q = 0.0;
    var dQ = 0.0;
    if (TOP) {
      Q = 1.0;
    } else {
      for (var unit = 0u; unit < params.fan_out; unit++) {
        let row = (params.above + unit) * N;
        let B_i = signals[start + row + i];
        let B_j = signals[start + row + j];
        Q += B_i * B_j;
        if (!START) {
          let dB_j = changes[change + row + j];
          dQ += changes[change + row + i] * (B_j + dB_j) + B_i * dB_j;
        }
      }
    }
    if (START) {
      total += G * Q;
    } else {
      total += dG * (Q + dQ) + G * dQ;
    }
  }
  put(group.z, i, j, total);
}

fn put8(slot: u32, i: u32, j: u32, low: vec4f, high: vec4f) {
  put(slot, i, j, low.x);
  put(slot, i, j + LANES, low.y);
  put(slot, i, j + 2 * LANES, low.z);
  put(slot, i, j + 3 * LANES, low.w);
  put(slot, i, j + 4 * LANES, high.x);
  put(slot, i, j + 5 * LANES, high.y);
  put(slot, i, j + 6 * LANES, high.z);
  put(slot, i, j + 7 * LANES, high.w);
}

// One copy's part of 4 entries: the change, or at the start the kernel itself.
fn part(G: vec4f, dG: vec4f, Q: vec4f, dQ: vec4f) -> vec4f {
  if (START) {
    return G * Q;
  }
  return dG * (Q + dQ) + G * dQ;
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let i = group.y * 8;
  if (group.x * 8 * LANES > i + 7) {
    return;
  }
  let j = group.x * 8 * LANES + lane.x;
  let N = params.samples;
  let end = N - 1;
  let tile = (params.first + group.z) * TILE;
  let run = singles[tile + 4] / params.channels;
  let copies = params.copies;
  // Samples past the end repeat the last, unwritten.
  let low_j = vec4u(min(j, end), min(j + LANES, end), min(j + 2 * LANES, end), min(j + 3 * LANES, end));
  let high_j = vec4u(min(j + 4 * LANES, end), min(j + 5 * LANES, end), min(j + 6 * LANES, end), min(j + 7 * LANES, end));
  let low_i = min(i + vec4u(0, 1, 2, 3), vec4u(end));
  let high_i = min(i + vec4u(4, 5, 6, 7), vec4u(end));

  var t_low0 = vec4f(); var t_high0 = vec4f();
  var t_low1 = vec4f(); var t_high1 = vec4f();
  var t_low2 = vec4f(); var t_high2 = vec4f();
  var t_low3 = vec4f(); var t_high3 = vec4f();
  var t_low4 = vec4f(); var t_high4 = vec4f();
  var t_low5 = vec4f(); var t_high5 = vec4f();
  var t_low6 = vec4f(); var t_high6 = vec4f();
  var t_low7 = vec4f(); var t_high7 = vec4f();

  for (var copy = 0u; copy < copies; copy++) {
    let start = run * params.units * N;
    let change = (run * copies + copy) * params.units * N;
    var g_low0 = vec4f(); var g_high0 = vec4f();
    var g_low1 = vec4f(); var g_high1 = vec4f();
    var g_low2 = vec4f(); var g_high2 = vec4f();
    var g_low3 = vec4f(); var g_high3 = vec4f();
    var g_low4 = vec4f(); var g_high4 = vec4f();
    var g_low5 = vec4f(); var g_high5 = vec4f();
    var g_low6 = vec4f(); var g_high6 = vec4f();
    var g_low7 = vec4f(); var g_high7 = vec4f();
    var dg_low0 = vec4f(); var dg_high0 = vec4f();
    var dg_low1 = vec4f(); var dg_high1 = vec4f();
    var dg_low2 = vec4f(); var dg_high2 = vec4f();
    var dg_low3 = vec4f(); var dg_high3 = vec4f();
    var dg_low4 = vec4f(); var dg_high4 = vec4f();
    var dg_low5 = vec4f(); var dg_high5 = vec4f();
    var dg_low6 = vec4f(); var dg_high6 = vec4f();
    var dg_low7 = vec4f(); var dg_high7 = vec4f();
    {
      let fan_in = params.fan_in;
      var at = select(start + params.below * N, singles[tile] * params.inputs * N, FIRST);
      var change_at = change + params.below * N;
      for (var unit = 0u; unit < fan_in; unit++) {
        let low_at = at + low_j;
        let high_at = at + high_j;
        if (FIRST) {
          let low = vec4f(X[low_at.x], X[low_at.y], X[low_at.z], X[low_at.w]);
          let high = vec4f(X[high_at.x], X[high_at.y], X[high_at.z], X[high_at.w]);
          { let row = X[at + low_i.x]; g_low0 += row * low; g_high0 += row * high; }
          { let row = X[at + low_i.y]; g_low1 += row * low; g_high1 += row * high; }
          { let row = X[at + low_i.z]; g_low2 += row * low; g_high2 += row * high; }
          { let row = X[at + low_i.w]; g_low3 += row * low; g_high3 += row * high; }
          { let row = X[at + high_i.x]; g_low4 += row * low; g_high4 += row * high; }
          { let row = X[at + high_i.y]; g_low5 += row * low; g_high5 += row * high; }
          { let row = X[at + high_i.z]; g_low6 += row * low; g_high6 += row * high; }
          { let row = X[at + high_i.w]; g_low7 += row * low; g_high7 += row * high; }
        } else {
          let low_base = vec4f(base[low_at.x], base[low_at.y], base[low_at.z], base[low_at.w]);
          let high_base = vec4f(base[high_at.x], base[high_at.y], base[high_at.z], base[high_at.w]);
          let low = positive4(low_base);
          let high = positive4(high_base);
          if (START) {
            { let row = positive(base[at + low_i.x]); g_low0 += row * low; g_high0 += row * high; }
            { let row = positive(base[at + low_i.y]); g_low1 += row * low; g_high1 += row * high; }
            { let row = positive(base[at + low_i.z]); g_low2 += row * low; g_high2 += row * high; }
            { let row = positive(base[at + low_i.w]); g_low3 += row * low; g_high3 += row * high; }
            { let row = positive(base[at + high_i.x]); g_low4 += row * low; g_high4 += row * high; }
            { let row = positive(base[at + high_i.y]); g_low5 += row * low; g_high5 += row * high; }
            { let row = positive(base[at + high_i.z]); g_low6 += row * low; g_high6 += row * high; }
            { let row = positive(base[at + high_i.w]); g_low7 += row * low; g_high7 += row * high; }
          } else {
            let low_change = change_at + low_j;
            let high_change = change_at + high_j;
            let low_d = change_of4(low_base, vec4f(z[low_change.x], z[low_change.y], z[low_change.z], z[low_change.w]));
            let high_d = change_of4(high_base, vec4f(z[high_change.x], z[high_change.y], z[high_change.z], z[high_change.w]));
            let low_now = low + low_d;
            let high_now = high + high_d;
            {
              let before = base[at + low_i.x]; let row = positive(before); let d = change_of(before, z[change_at + low_i.x]);
              g_low0 += row * low; g_high0 += row * high; dg_low0 += d * low_now + row * low_d; dg_high0 += d * high_now + row * high_d;
            }
            {
              let before = base[at + low_i.y]; let row = positive(before); let d = change_of(before, z[change_at + low_i.y]);
              g_low1 += row * low; g_high1 += row * high; dg_low1 += d * low_now + row * low_d; dg_high1 += d * high_now + row * high_d;
            }
            {
              let before = base[at + low_i.z]; let row = positive(before); let d = change_of(before, z[change_at + low_i.z]);
              g_low2 += row * low; g_high2 += row * high; dg_low2 += d * low_now + row * low_d; dg_high2 += d * high_now + row * high_d;
            }
            {
              let before = base[at + low_i.w]; let row = positive(before); let d = change_of(before, z[change_at + low_i.w]);
              g_low3 += row * low; g_high3 += row * high; dg_low3 += d * low_now + row * low_d; dg_high3 += d * high_now + row * high_d;
            }
            {
              let before = base[at + high_i.x]; let row = positive(before); let d = change_of(before, z[change_at + high_i.x]);
              g_low4 += row * low; g_high4 += row * high; dg_low4 += d * low_now + row * low_d; dg_high4 += d * high_now + row * high_d;
            }
            {
              let before = base[at + high_i.y]; let row = positive(before); let d = change_of(before, z[change_at + high_i.y]);
              g_low5 += row * low; g_high5 += row * high; dg_low5 += d * low_now + row * low_d; dg_high5 += d * high_now + row * high_d;
            }
            {
              let before = base[at + high_i.z]; let row = positive(before); let d = change_of(before, z[change_at + high_i.z]);
              g_low6 += row * low; g_high6 += row * high; dg_low6 += d * low_now + row * low_d; dg_high6 += d * high_now + row * high_d;
            }
            {
              let before = base[at + high_i.w]; let row = positive(before); let d = change_of(before, z[change_at + high_i.w]);
              g_low7 += row * low; g_high7 += row * high; dg_low7 += d * low_now + row * low_d; dg_high7 += d * high_now + row * high_d;
            }
          }
        }
        at += N;
        change_at += N;
      }
    }
    var q_low0 = vec4f(1.0); var q_high0 = vec4f(1.0);
    var q_low1 = vec4f(1.0); var q_high1 = vec4f(1.0);
    var q_low2 = vec4f(1.0); var q_high2 = vec4f(1.0);
    var q_low3 = vec4f(1.0); var q_high3 = vec4f(1.0);
    var q_low4 = vec4f(1.0); var q_high4 = vec4f(1.0);
    var q_low5 = vec4f(1.0); var q_high5 = vec4f(1.0);
    var q_low6 = vec4f(1.0); var q_high6 = vec4f(1.0);
    var q_low7 = vec4f(1.0); var q_high7 = vec4f(1.0);
    var dq_low0 = vec4f(); var dq_high0 = vec4f();
    var dq_low1 = vec4f(); var dq_high1 = vec4f();
    var dq_low2 = vec4f(); var dq_high2 = vec4f();
    var dq_low3 = vec4f(); var dq_high3 = vec4f();
    var dq_low4 = vec4f(); var dq_high4 = vec4f();
    var dq_low5 = vec4f(); var dq_high5 = vec4f();
    var dq_low6 = vec4f(); var dq_high6 = vec4f();
    var dq_low7 = vec4f(); var dq_high7 = vec4f();
    if (!TOP) {
      q_low0 = vec4f(); q_high0 = vec4f();
      q_low1 = vec4f(); q_high1 = vec4f();
      q_low2 = vec4f(); q_high2 = vec4f();
      q_low3 = vec4f(); q_high3 = vec4f();
      q_low4 = vec4f(); q_high4 = vec4f();
      q_low5 = vec4f(); q_high5 = vec4f();
      q_low6 = vec4f(); q_high6 = vec4f();
      q_low7 = vec4f(); q_high7 = vec4f();
      let fan_out = params.fan_out;
      var at = start + params.above * N;
      var change_at = change + params.above * N;
      for (var unit = 0u; unit < fan_out; unit++) {
        let low_at = at + low_j;
        let high_at = at + high_j;
        let low = vec4f(signals[low_at.x], signals[low_at.y], signals[low_at.z], signals[low_at.w]);
        let high = vec4f(signals[high_at.x], signals[high_at.y], signals[high_at.z], signals[high_at.w]);
        if (START) {
          { let row = signals[at + low_i.x]; q_low0 += row * low; q_high0 += row * high; }
          { let row = signals[at + low_i.y]; q_low1 += row * low; q_high1 += row * high; }
          { let row = signals[at + low_i.z]; q_low2 += row * low; q_high2 += row * high; }
          { let row = signals[at + low_i.w]; q_low3 += row * low; q_high3 += row * high; }
          { let row = signals[at + high_i.x]; q_low4 += row * low; q_high4 += row * high; }
          { let row = signals[at + high_i.y]; q_low5 += row * low; q_high5 += row * high; }
          { let row = signals[at + high_i.z]; q_low6 += row * low; q_high6 += row * high; }
          { let row = signals[at + high_i.w]; q_low7 += row * low; q_high7 += row * high; }
        } else {
          let low_change = change_at + low_j;
          let high_change = change_at + high_j;
          let low_d = vec4f(changes[low_change.x], changes[low_change.y], changes[low_change.z], changes[low_change.w]);
          let high_d = vec4f(changes[high_change.x], changes[high_change.y], changes[high_change.z], changes[high_change.w]);
          let low_now = low + low_d;
          let high_now = high + high_d;
          {
            let row = signals[at + low_i.x]; let d = changes[change_at + low_i.x];
            q_low0 += row * low; q_high0 += row * high; dq_low0 += d * low_now + row * low_d; dq_high0 += d * high_now + row * high_d;
          }
          {
            let row = signals[at + low_i.y]; let d = changes[change_at + low_i.y];
            q_low1 += row * low; q_high1 += row * high; dq_low1 += d * low_now + row * low_d; dq_high1 += d * high_now + row * high_d;
          }
          {
            let row = signals[at + low_i.z]; let d = changes[change_at + low_i.z];
            q_low2 += row * low; q_high2 += row * high; dq_low2 += d * low_now + row * low_d; dq_high2 += d * high_now + row * high_d;
          }
          {
            let row = signals[at + low_i.w]; let d = changes[change_at + low_i.w];
            q_low3 += row * low; q_high3 += row * high; dq_low3 += d * low_now + row * low_d; dq_high3 += d * high_now + row * high_d;
          }
          {
            let row = signals[at + high_i.x]; let d = changes[change_at + high_i.x];
            q_low4 += row * low; q_high4 += row * high; dq_low4 += d * low_now + row * low_d; dq_high4 += d * high_now + row * high_d;
          }
          {
            let row = signals[at + high_i.y]; let d = changes[change_at + high_i.y];
            q_low5 += row * low; q_high5 += row * high; dq_low5 += d * low_now + row * low_d; dq_high5 += d * high_now + row * high_d;
          }
          {
            let row = signals[at + high_i.z]; let d = changes[change_at + high_i.z];
            q_low6 += row * low; q_high6 += row * high; dq_low6 += d * low_now + row * low_d; dq_high6 += d * high_now + row * high_d;
          }
          {
            let row = signals[at + high_i.w]; let d = changes[change_at + high_i.w];
            q_low7 += row * low; q_high7 += row * high; dq_low7 += d * low_now + row * low_d; dq_high7 += d * high_now + row * high_d;
          }
        }
        at += N;
        change_at += N;
      }
    }
    t_low0 += part(g_low0, dg_low0, q_low0, dq_low0); t_high0 += part(g_high0, dg_high0, q_high0, dq_high0);
    t_low1 += part(g_low1, dg_low1, q_low1, dq_low1); t_high1 += part(g_high1, dg_high1, q_high1, dq_high1);
    t_low2 += part(g_low2, dg_low2, q_low2, dq_low2); t_high2 += part(g_high2, dg_high2, q_high2, dq_high2);
    t_low3 += part(g_low3, dg_low3, q_low3, dq_low3); t_high3 += part(g_high3, dg_high3, q_high3, dq_high3);
    t_low4 += part(g_low4, dg_low4, q_low4, dq_low4); t_high4 += part(g_high4, dg_high4, q_high4, dq_high4);
    t_low5 += part(g_low5, dg_low5, q_low5, dq_low5); t_high5 += part(g_high5, dg_high5, q_high5, dq_high5);
    t_low6 += part(g_low6, dg_low6, q_low6, dq_low6); t_high6 += part(g_high6, dg_high6, q_high6, dq_high6);
    t_low7 += part(g_low7, dg_low7, q_low7, dq_low7); t_high7 += part(g_high7, dg_high7, q_high7, dq_high7);
  }
  put8(group.z, i, j, t_low0, t_high0);
  put8(group.z, i + 1, j, t_low1, t_high1);
  put8(group.z, i + 2, j, t_low2, t_high2);
  put8(group.z, i + 3, j, t_low3, t_high3);
  put8(group.z, i + 4, j, t_low4, t_high4);
  put8(group.z, i + 5, j, t_low5, t_high5);
  put8(group.z, i + 6, j, t_low6, t_high6);
  put8(group.z, i + 7, j, t_low7, t_high7);
}
