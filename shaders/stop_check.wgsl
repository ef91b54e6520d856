// Decides on the GPU which runs have converged: no round trip to the CPU.
//
//   r [rows, capacity]: residuals of the batch or of all samples, a row an output   loss = scale * sum over samples of r^2
//
// With RUNNING (`stopRule: keras`) each batch's loss, taken before its update, is added to the epoch's running mean,
// weighted by its share of the samples; the last batch's call compares the mean and starts it anew. Without, the loss
// that r holds is that of the weights before update step.index, and a run at or below its stop loss makes no more.
// What is not finite decides before any loss does: a run that has diverged stays so, and with ENDS one whose outputs are not
// finite in the end has diverged with its last update.
//
// With PEAK the largest loss of a run that trains is kept in `peak`; a loss that is not finite is none.
//
// A workgroup owns one run (one entry of the tile table a run). Sums: a strided partial sum an invocation, then a tree.

// use ending
// use finite
// use magnitude
// use run_parameters
// use step
// use tile

struct Params {
  channels: u32,
  capacity: u32,
  samples: u32,
  // Batches in an epoch.
  batches: u32,
  outputs: u32,
}

override RUNNING: bool = false;
// Whether losses are compared; whether training is over.
override STOPS: bool = true;
override ENDS: bool = false;
override PEAK: bool = false;

// Invocations a run: 4 where a barrier is dear.
override LANES: u32 = 64;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> r: array<f32>;
@group(0) @binding(4) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(5) var<storage, read_write> running: array<f32>;
@group(0) @binding(6) var<storage, read_write> horizon: array<u32>;
@group(0) @binding(7) var<storage, read_write> peak: array<f32>;

var<workgroup> partial: array<f32, LANES>;
// Magnitudes.
var<workgroup> largest: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = run_tiles[group.x * TILE + 4];
  let run = row / params.channels;
  var sum = 0.0;
  var top = 0u;
  for (var output = 0u; output < params.outputs; output++) {
    for (var j = lane; j < step.size; j += LANES) {
      let residual = r[(row + output) * params.capacity + j];
      sum += residual * residual;
      top = max(top, magnitude_of(residual));
    }
  }
  partial[lane] = sum;
  largest[lane] = top;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      partial[lane] += partial[lane + half];
      largest[lane] = max(largest[lane], largest[lane + half]);
    }
  }
  if (lane != 0) {
    return;
  }
  let trains = horizon[2 * run + 1] == 0;
  if (ENDS && trains && !is_finite(bitcast<f32>(largest[0]))) {
    horizon[2 * run] = step.index;
    horizon[2 * run + 1] = DIVERGED;
    return;
  }
  var loss = step.scale * partial[0];
  if (PEAK && trains && is_finite(loss)) {
    peak[run] = max(peak[run], loss);
  }
  // The update before which the run stops, should it stop.
  var next = step.index;
  if (RUNNING) {
    loss = running[run] + loss * (f32(step.size) / f32(params.samples));
    next = step.index + 1;
    if (next % params.batches != 0) {
      running[run] = loss;
      return;
    }
    running[run] = 0.0;
  }
  if (STOPS && trains && next > 0 && is_finite(loss) && loss <= runs[run].stop_loss) {
    horizon[2 * run] = next;
    horizon[2 * run + 1] = CONVERGED;
  }
}
