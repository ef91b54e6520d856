// One layer's part of ReLU networks' tangent kernels, as the change since w(0):
//
//   K = A^2 sum over copies and layers of (H H^T) o (B B^T): Gram matrices of the activations in and the signals back
//   K - K0: (dG) o (Q0 + dQ) + G0 o dQ,   G - G0 = dH H^T + H0 dH^T,   Q - Q0 = dB B^T + B0 dB^T
//
//   X transposed [data, inputs, samples]   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ
//   signals [runs, units, samples]: S0   changes [runs, copies, units, samples]: dS (relu_signals.wgsl)
//   K [slots, samples, samples]: slot k is entry first + k of the tile table, so that memory does not grow with the
//   number of runs. FIRST: the layer below is the input, dG = 0, and K is written; else it is added to.
//   TOP: the layer above is the output, Q = 1. START: K0 itself, 2 G0 o Q0 where there are two copies, which start alike.
//
// No Jacobian is formed, and nothing cancels. One triangle is computed and mirrored. Sums run over units in index
// order: relative to the sum of absolute terms, each Gram matrix is right to gamma(3 units + 3).
// An invocation owns 4 rows (y) x 1 column (x) of one slot (z).

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

struct RunParameters {
  // 2 (step size) over the output scale, in the run's units.
  rate: f32,
  // beta over the product of displacement and slope, in the run's units.
  output_scale: f32,
  // 2 (step size) l2: what an update takes off each weight.
  decay: f32,
  // What decay alone adds to the conserved quantity, relatively.
  invariant_decay: f32,
  stop_loss: f32,
  // K0's largest weight: tangent kernels are kept relative to it.
  kernel_unit: f32,
  // Unit of w+ - w-, in units of the weights.
  displacement: f32,
}

override LANES: u32 = 4;
override FIRST: bool = false;
override TOP: bool = false;
override START: bool = false;

const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;
@group(0) @binding(5) var<storage, read> signals: array<f32>;
@group(0) @binding(6) var<storage, read> changes: array<f32>;
@group(0) @binding(7) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(8) var<storage, read_write> K: array<f32>;

// A Gram matrix's entries at the start, and their changes.
struct Gram {
  start: vec4f,
  change: vec4f,
}

// An activation or a signal at the start, and its change.
struct Moved {
  start: f32,
  change: f32,
}

fn gated(value: f32, change: f32, before: f32, after: f32) -> Moved {
  let start = select(0.0, value, before > 0.0);
  if (after > 0.0) {
    return Moved(start, change + select(value, 0.0, before > 0.0));
  }
  return Moved(start, -start);
}

fn activation(at: u32, change_at: u32) -> Moved {
  let start = base[at];
  if (START) {
    return Moved(max(start, 0.0), 0.0);
  }
  let change = z[change_at];
  return gated(start, change, start, start + change);
}

fn signal_back(at: u32, change_at: u32) -> Moved {
  let start = base[at];
  if (START) {
    return Moved(select(0.0, signals[at], start > 0.0), 0.0);
  }
  return gated(signals[at], changes[change_at], start, start + z[change_at]);
}

// Adds one unit's products: `row` of four samples with `column` of one.
fn add(gram: Gram, row0: Moved, row1: Moved, row2: Moved, row3: Moved, column: Moved) -> Gram {
  let start = vec4f(row0.start, row1.start, row2.start, row3.start);
  let change = vec4f(row0.change, row1.change, row2.change, row3.change);
  return Gram(
    gram.start + start * column.start,
    gram.change + (change * (column.start + column.change) + start * column.change),
  );
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let i = group.y * 4;
  if (group.x * LANES > i + 3) {
    return;
  }
  let N = params.samples;
  let rows = min(vec4u(i, i + 1, i + 2, i + 3), vec4u(N - 1));
  let j = group.x * LANES + lane.x;
  let column = min(j, N - 1);
  let tile = (params.first + group.z) * TILE;
  let run = singles[tile + 4] / params.channels;
  let x = singles[tile] * params.inputs * N;
  var total = vec4f();
  for (var copy = 0u; copy < params.copies; copy++) {
    let at = run * params.units * N;
    // START has the starts of both copies in one.
    let change_at = (run * params.copies + copy) * params.units * N;
    var G = Gram(vec4f(), vec4f());
    for (var unit = 0u; unit < params.fan_in; unit++) {
      if (FIRST) {
        let r = x + unit * N;
        let values = vec4f(X[r + rows.x], X[r + rows.y], X[r + rows.z], X[r + rows.w]);
        G.start += values * X[r + column];
      } else {
        let r = at + (params.below + unit) * N;
        let c = change_at + (params.below + unit) * N;
        G = add(
          G,
          activation(r + rows.x, c + rows.x), activation(r + rows.y, c + rows.y),
          activation(r + rows.z, c + rows.z), activation(r + rows.w, c + rows.w),
          activation(r + column, c + column));
      }
    }
    var Q = Gram(vec4f(), vec4f());
    if (TOP) {
      Q.start = vec4f(1.0);
    } else {
      for (var unit = 0u; unit < params.fan_out; unit++) {
        let r = at + (params.above + unit) * N;
        let c = change_at + (params.above + unit) * N;
        Q = add(
          Q,
          signal_back(r + rows.x, c + rows.x), signal_back(r + rows.y, c + rows.y),
          signal_back(r + rows.z, c + rows.z), signal_back(r + rows.w, c + rows.w),
          signal_back(r + column, c + column));
      }
    }
    if (START) {
      total += G.start * Q.start;
    } else {
      total += G.change * (Q.start + Q.change) + G.start * Q.change;
    }
  }
  let A = runs[run].output_scale;
  total *= A * A;
  put(group.z, i, j, total.x);
  put(group.z, i + 1, j, total.y);
  put(group.z, i + 2, j, total.z);
  put(group.z, i + 3, j, total.w);
}

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
