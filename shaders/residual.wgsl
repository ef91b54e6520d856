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
//   tiled   an invocation owns WIDTH samples x 8 rows in registers, two vectors of rows a sample: 8 + WIDTH loads feed
//           8 WIDTH products, which pays where a load costs more than a multiplication. Its samples lie LANES apart, so
//           that neighbours load neighbours.

// use minibatch
// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of r has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
}

override LANES: u32 = 64;
// Samples that an invocation of `tiled` owns, at most 13.
override WIDTH: u32 = 13;

// A tile: data, targets, shuffle stream, rows in use, then 8 rows (the unused ones repeat the last).

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> beta: array<f32>;
@group(0) @binding(7) var<storage, read_write> r: array<f32>;

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

// The rows of a tile: their places in r, and 1 where a row is a predictor, whose targets are subtracted.
struct Rows {
  low: vec4u,
  high: vec4u,
  low_targets: vec4f,
  high_targets: vec4f,
  // More than four rows are in use.
  both: bool,
}

// Rows past the last in use repeat it: they write the same value again.
fn put_rows(rows: Rows, targets: u32, j: u32, sample: u32, low: vec4f, high: vec4f) {
  if (j < step.size) {
    let target_value = y[targets * params.samples + sample];
    let first = low - target_value * rows.low_targets;
    r[rows.low.x + j] = first.x;
    r[rows.low.y + j] = first.y;
    r[rows.low.z + j] = first.z;
    r[rows.low.w + j] = first.w;
    if (rows.both) {
      let second = high - target_value * rows.high_targets;
      r[rows.high.x + j] = second.x;
      r[rows.high.y + j] = second.y;
      r[rows.high.z + j] = second.z;
      r[rows.high.w + j] = second.w;
    }
  }
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let j = group.x * WIDTH * LANES + lane.x;
  let tile = group.y * TILE;
  let stream = tiles[tile + 2];
  let n = params.inputs;
  let x = tiles[tile] * n * params.samples;
  let sample0 = sample_of(stream, j + 0 * LANES);
  let sample1 = sample_of(stream, j + 1 * LANES);
  let sample2 = sample_of(stream, j + 2 * LANES);
  let sample3 = sample_of(stream, j + 3 * LANES);
  let sample4 = sample_of(stream, j + 4 * LANES);
  let sample5 = sample_of(stream, j + 5 * LANES);
  let sample6 = sample_of(stream, j + 6 * LANES);
  let sample7 = sample_of(stream, j + 7 * LANES);
  let sample8 = sample_of(stream, j + 8 * LANES);
  let sample9 = sample_of(stream, j + 9 * LANES);
  let sample10 = sample_of(stream, j + 10 * LANES);
  let sample11 = sample_of(stream, j + 11 * LANES);
  let sample12 = sample_of(stream, j + 12 * LANES);
  let low_rows = vec4u(tiles[tile + 4], tiles[tile + 5], tiles[tile + 6], tiles[tile + 7]);
  let high_rows = vec4u(tiles[tile + 8], tiles[tile + 9], tiles[tile + 10], tiles[tile + 11]);
  let low_beta = low_rows * n;
  let high_beta = high_rows * n;

  var low0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var high3 = vec4f();
  var low4 = vec4f(); var high4 = vec4f();
  var low5 = vec4f(); var high5 = vec4f();
  var low6 = vec4f(); var high6 = vec4f();
  var low7 = vec4f(); var high7 = vec4f();
  var low8 = vec4f(); var high8 = vec4f();
  var low9 = vec4f(); var high9 = vec4f();
  var low10 = vec4f(); var high10 = vec4f();
  var low11 = vec4f(); var high11 = vec4f();
  var low12 = vec4f(); var high12 = vec4f();

  // A tile of few rows is half the work.
  if (tiles[tile + 3] > 4) {
    for (var i = 0u; i < n; i++) {
      let column = x + i * params.samples;
      let low = vec4f(beta[low_beta.x + i], beta[low_beta.y + i], beta[low_beta.z + i], beta[low_beta.w + i]);
      let high = vec4f(beta[high_beta.x + i], beta[high_beta.y + i], beta[high_beta.z + i], beta[high_beta.w + i]);
      let x0 = X[column + sample0]; low0 += x0 * low; high0 += x0 * high;
      if (WIDTH > 1) { let x1 = X[column + sample1]; low1 += x1 * low; high1 += x1 * high; }
      if (WIDTH > 2) { let x2 = X[column + sample2]; low2 += x2 * low; high2 += x2 * high; }
      if (WIDTH > 3) { let x3 = X[column + sample3]; low3 += x3 * low; high3 += x3 * high; }
      if (WIDTH > 4) { let x4 = X[column + sample4]; low4 += x4 * low; high4 += x4 * high; }
      if (WIDTH > 5) { let x5 = X[column + sample5]; low5 += x5 * low; high5 += x5 * high; }
      if (WIDTH > 6) { let x6 = X[column + sample6]; low6 += x6 * low; high6 += x6 * high; }
      if (WIDTH > 7) { let x7 = X[column + sample7]; low7 += x7 * low; high7 += x7 * high; }
      if (WIDTH > 8) { let x8 = X[column + sample8]; low8 += x8 * low; high8 += x8 * high; }
      if (WIDTH > 9) { let x9 = X[column + sample9]; low9 += x9 * low; high9 += x9 * high; }
      if (WIDTH > 10) { let x10 = X[column + sample10]; low10 += x10 * low; high10 += x10 * high; }
      if (WIDTH > 11) { let x11 = X[column + sample11]; low11 += x11 * low; high11 += x11 * high; }
      if (WIDTH > 12) { let x12 = X[column + sample12]; low12 += x12 * low; high12 += x12 * high; }
    }
  } else {
    for (var i = 0u; i < n; i++) {
      let column = x + i * params.samples;
      let low = vec4f(beta[low_beta.x + i], beta[low_beta.y + i], beta[low_beta.z + i], beta[low_beta.w + i]);
      let x0 = X[column + sample0]; low0 += x0 * low;
      if (WIDTH > 1) { let x1 = X[column + sample1]; low1 += x1 * low; }
      if (WIDTH > 2) { let x2 = X[column + sample2]; low2 += x2 * low; }
      if (WIDTH > 3) { let x3 = X[column + sample3]; low3 += x3 * low; }
      if (WIDTH > 4) { let x4 = X[column + sample4]; low4 += x4 * low; }
      if (WIDTH > 5) { let x5 = X[column + sample5]; low5 += x5 * low; }
      if (WIDTH > 6) { let x6 = X[column + sample6]; low6 += x6 * low; }
      if (WIDTH > 7) { let x7 = X[column + sample7]; low7 += x7 * low; }
      if (WIDTH > 8) { let x8 = X[column + sample8]; low8 += x8 * low; }
      if (WIDTH > 9) { let x9 = X[column + sample9]; low9 += x9 * low; }
      if (WIDTH > 10) { let x10 = X[column + sample10]; low10 += x10 * low; }
      if (WIDTH > 11) { let x11 = X[column + sample11]; low11 += x11 * low; }
      if (WIDTH > 12) { let x12 = X[column + sample12]; low12 += x12 * low; }
    }
  }

  let targets = tiles[tile + 1];
  let rows = Rows(
    low_rows * params.capacity,
    high_rows * params.capacity,
    select(vec4f(), vec4f(1.0), low_rows % params.channels == vec4u()),
    select(vec4f(), vec4f(1.0), high_rows % params.channels == vec4u()),
    tiles[tile + 3] > 4);
  put_rows(rows, targets, j + 0 * LANES, sample0, low0, high0);
  if (WIDTH > 1) { put_rows(rows, targets, j + 1 * LANES, sample1, low1, high1); }
  if (WIDTH > 2) { put_rows(rows, targets, j + 2 * LANES, sample2, low2, high2); }
  if (WIDTH > 3) { put_rows(rows, targets, j + 3 * LANES, sample3, low3, high3); }
  if (WIDTH > 4) { put_rows(rows, targets, j + 4 * LANES, sample4, low4, high4); }
  if (WIDTH > 5) { put_rows(rows, targets, j + 5 * LANES, sample5, low5, high5); }
  if (WIDTH > 6) { put_rows(rows, targets, j + 6 * LANES, sample6, low6, high6); }
  if (WIDTH > 7) { put_rows(rows, targets, j + 7 * LANES, sample7, low7, high7); }
  if (WIDTH > 8) { put_rows(rows, targets, j + 8 * LANES, sample8, low8, high8); }
  if (WIDTH > 9) { put_rows(rows, targets, j + 9 * LANES, sample9, low9, high9); }
  if (WIDTH > 10) { put_rows(rows, targets, j + 10 * LANES, sample10, low10, high10); }
  if (WIDTH > 11) { put_rows(rows, targets, j + 11 * LANES, sample11, low11, high11); }
  if (WIDTH > 12) { put_rows(rows, targets, j + 12 * LANES, sample12, low12, high12); }
}
