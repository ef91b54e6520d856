// Weighted Gram matrices, one a run:  K[slot] = X diag(weights[run]) X^T
//
//   X transposed [data, inputs, samples]   weights [vectors, inputs]   K [slots, samples, samples]
//
// A slot is an entry of the tile table, counted from `first`: kernels are made a few runs at a time, so that memory
// does not grow with the number of runs. One triangle is computed, and its mirror image written.
// Sums run over inputs in index order: |error| <= gamma(inputs + 2) (|X| diag|weights| |X|^T).
//
//   plain   a workgroup owns 8 x 8 entries (x, y: block; z: slot), an invocation one
//   tiled   an invocation owns 8 rows x 8 columns in registers; columns lie LANES apart

// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  first: u32,
}

override LANES: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> K: array<f32>;

fn put(slot: u32, i: u32, j: u32, value: f32) {
  let N = params.samples;
  if (i < N && j <= i) {
    K[(slot * N + i) * N + j] = value;
    K[(slot * N + j) * N + i] = value;
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
  let x = data_of(tile);
  let w = singles[tile + 4] / params.channels * params.inputs;
  var sum = 0.0;
  for (var k = 0u; k < params.inputs; k++) {
    sum += (X[x + k * N + i] * weights[w + k]) * X[x + k * N + j];
  }
  put(group.z, i, j, sum);
}

fn data_of(tile: u32) -> u32 {
  return singles[tile] * params.inputs * params.samples;
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

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let first_row = group.y * 8;
  let first_column = group.x * 8 * LANES;
  if (first_column > first_row + 7) {
    return;
  }
  let N = params.samples;
  let end = N - 1;
  let tile = (params.first + group.z) * TILE;
  let x = data_of(tile);
  let w = singles[tile + 4] / params.channels * params.inputs;
  let j = first_column + lane.x;
  // Samples past the end repeat the last, unwritten.
  let low_x = x + vec4u(min(j, end), min(j + LANES, end), min(j + 2 * LANES, end), min(j + 3 * LANES, end));
  let high_x = x
    + vec4u(min(j + 4 * LANES, end), min(j + 5 * LANES, end), min(j + 6 * LANES, end), min(j + 7 * LANES, end));
  let i = first_row;
  let low_i = x + vec4u(min(i, end), min(i + 1, end), min(i + 2, end), min(i + 3, end));
  let high_i = x + vec4u(min(i + 4, end), min(i + 5, end), min(i + 6, end), min(i + 7, end));

  var low0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var high3 = vec4f();
  var low4 = vec4f(); var high4 = vec4f();
  var low5 = vec4f(); var high5 = vec4f();
  var low6 = vec4f(); var high6 = vec4f();
  var low7 = vec4f(); var high7 = vec4f();

  for (var k = 0u; k < params.inputs; k++) {
    let column = k * N;
    let weight = weights[w + k];
    let low = vec4f(X[low_x.x + column], X[low_x.y + column], X[low_x.z + column], X[low_x.w + column]);
    let high = vec4f(X[high_x.x + column], X[high_x.y + column], X[high_x.z + column], X[high_x.w + column]);
    let row0 = X[low_i.x + column] * weight; low0 += row0 * low; high0 += row0 * high;
    let row1 = X[low_i.y + column] * weight; low1 += row1 * low; high1 += row1 * high;
    let row2 = X[low_i.z + column] * weight; low2 += row2 * low; high2 += row2 * high;
    let row3 = X[low_i.w + column] * weight; low3 += row3 * low; high3 += row3 * high;
    let row4 = X[high_i.x + column] * weight; low4 += row4 * low; high4 += row4 * high;
    let row5 = X[high_i.y + column] * weight; low5 += row5 * low; high5 += row5 * high;
    let row6 = X[high_i.z + column] * weight; low6 += row6 * low; high6 += row6 * high;
    let row7 = X[high_i.w + column] * weight; low7 += row7 * low; high7 += row7 * high;
  }

  let slot = group.z;
  put8(slot, i, j, low0, high0);
  put8(slot, i + 1, j, low1, high1);
  put8(slot, i + 2, j, low2, high2);
  put8(slot, i + 3, j, low3, high3);
  put8(slot, i + 4, j, low4, high4);
  put8(slot, i + 5, j, low5, high5);
  put8(slot, i + 6, j, low6, high6);
  put8(slot, i + 7, j, low7, high7);
}
