// Residuals of linear predictors:  r[row, j] = X[order[j]] . beta[row] - y[order[j]]
//
//   X transposed [data, inputs, samples]   y [targets, samples]   beta [rows, inputs]   r [rows, capacity]
//
// A row is one channel of one run: channel 0 is the predictor, whose targets are subtracted; channel 1, there when the
// linearized twin is trained too, is the predictor of f - fbar, which has no targets.
//
// Sums run over inputs in index order, in every variant:
// |error| <= gamma(inputs + 1) (|X| |beta| + |y|), gamma(k) = k u / (1 - k u), u = 2^-24.
//
//   plain   an invocation owns one sample (x) of the rows of one tile (y), one row after the other
//   tiles   an invocation owns 8 samples x 8 rows in registers: 16 loads feed 64 products, which pays where a load
//           costs more than a multiplication. Its samples lie LANES apart, so that neighbours load neighbours.

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of r has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
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

// A tile: data, targets, shuffle stream, rows in use, then 8 rows (the unused ones repeat the last).
const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> beta: array<f32>;
@group(0) @binding(7) var<storage, read_write> r: array<f32>;

// The sample in place j of the batch; places past its end repeat the last.
fn sample_of(stream: u32, j: u32) -> u32 {
  let place = step.start + min(j, step.size - 1);
  if (SHUFFLED) {
    return order[(step.order * params.streams + stream) * params.samples + place];
  }
  return place;
}

fn put(row: u32, targets: u32, j: u32, sample: u32, product: f32) {
  if (j < step.size) {
    var value = product;
    if (row % params.channels == 0) {
      value -= y[targets * params.samples + sample];
    }
    r[row * params.capacity + j] = value;
  }
}

@compute @workgroup_size(LANES)
fn plain(@builtin(global_invocation_id) id: vec3u) {
  let tile = id.y * TILE;
  let sample = sample_of(tiles[tile + 2], id.x);
  let x = tiles[tile] * params.inputs * params.samples + sample;
  for (var k = 0u; k < tiles[tile + 3]; k++) {
    let row = tiles[tile + 4 + k];
    var sum = 0.0;
    for (var i = 0u; i < params.inputs; i++) {
      sum += X[x + i * params.samples] * beta[row * params.inputs + i];
    }
    put(row, tiles[tile + 1], id.x, sample, sum);
  }
}

fn put8(row: u32, targets: u32, j: u32, low_samples: vec4u, high_samples: vec4u, low: vec4f, high: vec4f) {
  put(row, targets, j, low_samples.x, low.x);
  put(row, targets, j + LANES, low_samples.y, low.y);
  put(row, targets, j + 2 * LANES, low_samples.z, low.z);
  put(row, targets, j + 3 * LANES, low_samples.w, low.w);
  put(row, targets, j + 4 * LANES, high_samples.x, high.x);
  put(row, targets, j + 5 * LANES, high_samples.y, high.y);
  put(row, targets, j + 6 * LANES, high_samples.z, high.z);
  put(row, targets, j + 7 * LANES, high_samples.w, high.w);
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let j = group.x * 8 * LANES + lane.x;
  let tile = group.y * TILE;
  let stream = tiles[tile + 2];
  let n = params.inputs;
  let low_samples = vec4u(
    sample_of(stream, j), sample_of(stream, j + LANES),
    sample_of(stream, j + 2 * LANES), sample_of(stream, j + 3 * LANES));
  let high_samples = vec4u(
    sample_of(stream, j + 4 * LANES), sample_of(stream, j + 5 * LANES),
    sample_of(stream, j + 6 * LANES), sample_of(stream, j + 7 * LANES));
  let low_x = low_samples + tiles[tile] * n * params.samples;
  let high_x = high_samples + tiles[tile] * n * params.samples;

  let b0 = tiles[tile + 4] * n;
  let b1 = tiles[tile + 5] * n;
  let b2 = tiles[tile + 6] * n;
  let b3 = tiles[tile + 7] * n;
  let b4 = tiles[tile + 8] * n;
  let b5 = tiles[tile + 9] * n;
  let b6 = tiles[tile + 10] * n;
  let b7 = tiles[tile + 11] * n;

  var low0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var high3 = vec4f();
  var low4 = vec4f(); var high4 = vec4f();
  var low5 = vec4f(); var high5 = vec4f();
  var low6 = vec4f(); var high6 = vec4f();
  var low7 = vec4f(); var high7 = vec4f();

  for (var i = 0u; i < n; i++) {
    let column = i * params.samples;
    let low = vec4f(X[low_x.x + column], X[low_x.y + column], X[low_x.z + column], X[low_x.w + column]);
    let high = vec4f(X[high_x.x + column], X[high_x.y + column], X[high_x.z + column], X[high_x.w + column]);
    let beta0 = beta[b0 + i]; low0 += low * beta0; high0 += high * beta0;
    let beta1 = beta[b1 + i]; low1 += low * beta1; high1 += high * beta1;
    let beta2 = beta[b2 + i]; low2 += low * beta2; high2 += high * beta2;
    let beta3 = beta[b3 + i]; low3 += low * beta3; high3 += high * beta3;
    let beta4 = beta[b4 + i]; low4 += low * beta4; high4 += high * beta4;
    let beta5 = beta[b5 + i]; low5 += low * beta5; high5 += high * beta5;
    let beta6 = beta[b6 + i]; low6 += low * beta6; high6 += high * beta6;
    let beta7 = beta[b7 + i]; low7 += low * beta7; high7 += high * beta7;
  }

  let targets = tiles[tile + 1];
  let used = tiles[tile + 3];
  put8(tiles[tile + 4], targets, j, low_samples, high_samples, low0, high0);
  if (used > 1) { put8(tiles[tile + 5], targets, j, low_samples, high_samples, low1, high1); }
  if (used > 2) { put8(tiles[tile + 6], targets, j, low_samples, high_samples, low2, high2); }
  if (used > 3) { put8(tiles[tile + 7], targets, j, low_samples, high_samples, low3, high3); }
  if (used > 4) { put8(tiles[tile + 8], targets, j, low_samples, high_samples, low4, high4); }
  if (used > 5) { put8(tiles[tile + 9], targets, j, low_samples, high_samples, low5, high5); }
  if (used > 6) { put8(tiles[tile + 10], targets, j, low_samples, high_samples, low6, high6); }
  if (used > 7) { put8(tiles[tile + 11], targets, j, low_samples, high_samples, low7, high7); }
}
