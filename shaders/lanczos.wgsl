// Tangent kernels in tridiagonal form, from the labels on, for the CPU to find eigenvalues in float64 (Lanczos):
//
//   K = (K0 + k^2 change) over its mean diagonal entry,   q_0 = y / |y|
//   w = K q_s,   a_s = <q_s, w>,   w <- w less its parts along q_0 ... q_s,   b_s = |w|,   q_(s+1) = w / b_s
//
//   start [starts, samples, samples]: K0 over the run's unit   change [slots, samples, samples]: K - K0 over k^2 and the
//   unit; slot m is entry first + m of the tile table, k = `displacement`   y [data, labels], of which the first count
//   basis [slots, steps + 1, samples]: q
//   out[run, column ..]: the mean diagonal entry over the run's unit; |K|_F over it; then a_s, b_s of every step
//
// a_0 is y^T K y / |y|^2. Orthogonal parts are taken off three times, so that the basis stays orthogonal; where a step
// finds nothing new, b_s = 0, it goes on from a vector of its own, and as many steps as samples give every eigenvalue;
// fewer count equal ones once.
// Each a and b is right to gamma(2 samples) |K|_F, and so are the eigenvalues of the tridiagonal matrix.
//
// A workgroup owns one slot: in products a lane owns every LANES-th sample, in projections one vector of the basis.

// use run_parameters
// use tile

struct Params {
  samples: u32,
  channels: u32,
  first: u32,
  // At most LANES and at most `samples`.
  steps: u32,
  labels: u32,
  column: u32,
  record: u32,
}

override LANES: u32 = 64;

// The most lanes there may be.
const MOST = 64u;
// What rounding alone leaves of a step that finds nothing new, in |K|_F.
const ROUNDING = 0x1p-22;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> change: array<f32>;
@group(0) @binding(3) var<storage, read> start: array<f32>;
// The kernel at the start, of each run.
@group(0) @binding(4) var<storage, read> start_of: array<u32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> basis: array<f32>;
@group(0) @binding(8) var<storage, read_write> out: array<f32>;

// One number a lane: partial sums, or a vector's parts along the basis.
var<workgroup> parts: array<f32, MOST>;

// The sum of the lanes' numbers, in order.
fn total(lane: u32, part: f32) -> f32 {
  parts[lane] = part;
  workgroupBarrier();
  var sum = 0.0;
  for (var other = 0u; other < LANES; other++) {
    sum += parts[other];
  }
  workgroupBarrier();
  return sum;
}

// Numbers in [-1, 1) without a pattern.
fn scattered(at: u32) -> f32 {
  var bits = at * 0x9e3779b9u + 0x7f4a7c15u;
  bits = (bits ^ (bits >> 16)) * 0x85ebca6bu;
  bits = (bits ^ (bits >> 13)) * 0xc2b2ae35u;
  return f32(bits >> 8) * 0x1p-23 - 1.0;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let N = params.samples;
  let tile = (params.first + group.x) * TILE;
  let run = run_tiles[tile + 4] / params.channels;
  let changed = group.x * N * N;
  let started = start_of[run] * N * N;
  let k = runs[run].displacement * runs[run].displacement;
  let record = run * params.record + params.column;
  let labels = run_tiles[tile] * params.labels;
  let first = group.x * (params.steps + 1) * N;

  var trace = 0.0;
  var label = 0.0;
  for (var j = lane; j < N; j += LANES) {
    trace += start[started + j * (N + 1)] + k * change[changed + j * (N + 1)];
    label = max(label, abs(y[labels + j]));
  }
  let mean = total(lane, trace) / f32(N);
  let unit = select(1.0, mean, mean > 0.0);
  // Any power of the largest label will do; the sum of the lanes' largest is at most LANES times it.
  label = total(lane, label);
  var squares = 0.0;
  var entries = 0.0;
  for (var j = lane; j < N; j += LANES) {
    let value = select(y[labels + j] / label, 1.0, label == 0.0);
    basis[first + j] = value;
    squares += value * value;
    for (var i = 0u; i < N; i++) {
      let entry = (start[started + i * N + j] + k * change[changed + i * N + j]) / unit;
      entries += entry * entry;
    }
  }
  var length = sqrt(total(lane, squares));
  let frobenius = sqrt(total(lane, entries));
  for (var j = lane; j < N; j += LANES) {
    basis[first + j] /= length;
  }
  if (lane == 0) {
    out[record] = mean;
    out[record + 1] = frobenius;
  }

  for (var s = 0u; s < params.steps; s++) {
    let q = first + s * N;
    let w = q + N;
    storageBarrier();
    for (var j = lane; j < N; j += LANES) {
      var sum = 0.0;
      for (var i = 0u; i < N; i++) {
        sum += (start[started + i * N + j] + k * change[changed + i * N + j]) * basis[q + i];
      }
      basis[w + j] = sum / unit;
    }
    var a = 0.0;
    var b = 0.0;
    for (var round = 0u; round < 3; round++) {
      storageBarrier();
      var part = 0.0;
      if (lane <= s) {
        for (var j = 0u; j < N; j++) {
          part += basis[first + lane * N + j] * basis[w + j];
        }
      }
      parts[lane] = part;
      workgroupBarrier();
      if (round < 2) {
        a += parts[s];
      }
      squares = 0.0;
      for (var j = lane; j < N; j += LANES) {
        var value = basis[w + j];
        for (var other = 0u; other <= s; other++) {
          value -= parts[other] * basis[first + other * N + j];
        }
        basis[w + j] = value;
        squares += value * value;
      }
      workgroupBarrier();
      length = sqrt(total(lane, squares));
      if (round == 1) {
        b = length;
        if (b <= ROUNDING * frobenius) {
          b = 0.0;
          for (var j = lane; j < N; j += LANES) {
            basis[w + j] = scattered(w + j - first);
          }
        }
      }
    }
    for (var j = lane; j < N; j += LANES) {
      basis[w + j] /= length;
    }
    if (lane == 0) {
      out[record + 2 + 2 * s] = a;
      out[record + 3 + 2 * s] = b;
    }
  }
}
