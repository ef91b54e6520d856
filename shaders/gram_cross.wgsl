// Weighted Gram matrices between test and training inputs, one a run:  K[run] = X' diag(w[run]) X^T, ' of the test inputs
//
//   w = (start + k^2 change) unit: weights of a tangent kernel in its own units   k = `displacement`
//   X, test_X transposed [data, inputs, samples]   start, change [runs, inputs]   K [runs, test samples, samples]
//
// Sums run over inputs in index order: |error| <= gamma(inputs + 6) (|X'| (|start| + k^2 |change|) unit |X|^T).
// An invocation owns 4 rows (y) x 1 column (x) of one run (z: entry of the tile table).

// use run_parameters
// use tile

struct Params {
  samples: u32,
  test_samples: u32,
  inputs: u32,
  channels: u32,
}

override LANES: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> test_X: array<f32>;
@group(0) @binding(4) var<storage, read> start: array<f32>;
@group(0) @binding(5) var<storage, read> change: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

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
  let k2 = runs[run].displacement * runs[run].displacement;
  var sum = vec4f();
  for (var k = 0u; k < params.inputs; k++) {
    let x = singles[tile] * params.inputs + k;
    let w = start[run * params.inputs + k] + k2 * change[run * params.inputs + k];
    let value = w * X[x * N + column];
    let r = x * T;
    sum += value * vec4f(test_X[r + rows.x], test_X[r + rows.y], test_X[r + rows.z], test_X[r + rows.w]);
  }
  sum *= runs[run].kernel_unit;
  put(run, i, j, sum.x);
  put(run, i + 1, j, sum.y);
  put(run, i + 2, j, sum.z);
  put(run, i + 3, j, sum.w);
}

fn put(run: u32, i: u32, j: u32, value: f32) {
  if (i < params.test_samples && j < params.samples) {
    K[(run * params.test_samples + i) * params.samples + j] = value;
  }
}
