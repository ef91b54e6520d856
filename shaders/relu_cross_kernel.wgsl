// One layer's part of ReLU networks' tangent kernels between test and training inputs:
//
//   K = u sum over copies and layers of (H' H^T) o (B' B^T), ' of the test inputs, u = kernel_unit: no Jacobian is formed
//
//   X, test_X transposed [data, inputs, samples]   sides, test_sides [runs, copies, 2, units, samples]: H, then B
//   (relu_sides.wgsl)   K [runs, test samples, samples]
//   FIRST: the layer below is the input, and K is written; else it is added to. TOP: the layer above is the output, B = 1.
//
// Sums run over units in index order: relative to the sum of absolute terms, each Gram matrix is right to gamma(units).
// An invocation owns 4 rows (y) x 1 column (x) of one run (z: entry of the tile table).

// use run_parameters
// use tile

struct Params {
  samples: u32,
  test_samples: u32,
  inputs: u32,
  channels: u32,
  copies: u32,
  units: u32,
  // The layer's units below and above, and the first rows of both.
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override LANES: u32 = 4;
override FIRST: bool = false;
override TOP: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> test_X: array<f32>;
@group(0) @binding(4) var<storage, read> sides: array<f32>;
@group(0) @binding(5) var<storage, read> test_sides: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

// Four test samples' sum of products with one training sample, over `count` rows of both.
fn gram(test_first: u32, first: u32, rows: vec4u, column: u32, count: u32) -> vec4f {
  let N = params.samples;
  let T = params.test_samples;
  var sum = vec4f();
  for (var unit = 0u; unit < count; unit++) {
    let r = test_first + unit * T;
    let value = sides[first + unit * N + column];
    sum += value * vec4f(
      test_sides[r + rows.x], test_sides[r + rows.y], test_sides[r + rows.z], test_sides[r + rows.w]);
  }
  return sum;
}

fn input_gram(data: u32, rows: vec4u, column: u32) -> vec4f {
  let N = params.samples;
  let T = params.test_samples;
  var sum = vec4f();
  for (var k = 0u; k < params.inputs; k++) {
    let r = (data * params.inputs + k) * T;
    let value = X[(data * params.inputs + k) * N + column];
    sum += value * vec4f(test_X[r + rows.x], test_X[r + rows.y], test_X[r + rows.z], test_X[r + rows.w]);
  }
  return sum;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let N = params.samples;
  let T = params.test_samples;
  let i = group.y * 4;
  let rows = min(vec4u(i, i + 1, i + 2, i + 3), vec4u(T - 1));
  let j = group.x * LANES + lane.x;
  let column = min(j, N - 1);
  let tile = group.z * TILE;
  let run = singles[tile + 4] / params.channels;
  var total = vec4f();
  for (var copy = 0u; copy < params.copies; copy++) {
    let own = 2 * (run * params.copies + copy) * params.units;
    var H = vec4f();
    if (FIRST) {
      H = input_gram(singles[tile], rows, column);
    } else {
      H = gram((own + params.below) * T, (own + params.below) * N, rows, column, params.fan_in);
    }
    var B = vec4f(1.0);
    if (!TOP) {
      let above = own + params.units + params.above;
      B = gram(above * T, above * N, rows, column, params.fan_out);
    }
    total += H * B;
  }
  total *= runs[run].kernel_unit;
  put(run, i, j, total.x);
  put(run, i + 1, j, total.y);
  put(run, i + 2, j, total.z);
  put(run, i + 3, j, total.w);
}

fn put(run: u32, i: u32, j: u32, value: f32) {
  if (i < params.test_samples && j < params.samples) {
    let at = (run * params.test_samples + i) * params.samples + j;
    var sum = value;
    if (!FIRST) {
      sum += K[at];
    }
    K[at] = sum;
  }
}
