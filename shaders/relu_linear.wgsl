// The linearized ReLU network in function space, wbar - w(0) = J0^T a + c w(0):
//
//   fbar - f0 = A K0 a + c D f0,   K0 = J0 J0^T, J0 of h, f0 = A h(w(0)), D weight layers (J0 w(0) = D h(w(0)))
//
//   K [starts, outputs, samples, outputs, samples]: K0   state [runs, stride]: from `twin` on a [outputs, samples], then c
//   base [runs, units, samples]: the last rows are h(w(0)), which two copies take off each other
//   linear [runs, outputs, capacity]
//
// Sums run over samples of each output in order: |error| <= gamma(samples outputs + 3) (A |K0| |a| + |c D f0|).
// An invocation owns one sample of one output (x) of one run (y: entry of the tile table).

// use minibatch
// use run_parameters
// use tile

struct Params {
  samples: u32,
  channels: u32,
  capacity: u32,
  streams: u32,
  copies: u32,
  units: u32,
  outputs: u32,
  stride: u32,
  twin: u32,
  // Weight layers.
  layers: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> K: array<f32>;
// The kernel at the start, of each run.
@group(0) @binding(5) var<storage, read> start_of: array<u32>;
@group(0) @binding(6) var<storage, read> base: array<f32>;
@group(0) @binding(7) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(8) var<storage, read> state: array<f32>;
@group(0) @binding(9) var<storage, read_write> linear: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.outputs * step.size) {
    return;
  }
  let output = id.x / step.size;
  let j = id.x % step.size;
  let tile = id.y * TILE;
  let run = run_tiles[tile + 4] / params.channels;
  let sample = sample_of(run_tiles[tile + 2], j);
  let N = params.outputs * params.samples;
  let a = run * params.stride + params.twin;
  let column = start_of[run] * N * N + output * params.samples + sample;
  var sum = 0.0;
  for (var k = 0u; k < N; k++) {
    sum += K[column + k * N] * state[a + k];
  }
  let A = runs[run].output_scale;
  sum *= A;
  if (params.copies == 1) {
    let start = A * base[((run + 1) * params.units - params.outputs + output) * params.samples + sample];
    sum += (state[a + N] * f32(params.layers)) * start;
  }
  linear[(run * params.outputs + output) * params.capacity + j] = sum;
}
