// Accepts or rejects a step of the Bogacki-Shampine pair, run by run, and chooses the next step size.
//
//   error = h (-5/72 k1 + 1/12 k2 + 1/9 k3 - 1/8 k4), measured as the root mean square of error / (tolerance scale)
//   over the numbers whose scale is not 0. A step is taken when that is at most 1 and the loss has not risen by more
//   than 1%, unless it is down to rounding: a pair that rides its stability limit would otherwise bounce for ever.
//   y [runs, length], work [6, plane] as in flow_stage.wgsl   r [rows, capacity]: residuals at the step's end
//
// Accepted: y <- stage, k1 <- k4 (first same as last). A run stops when its loss is low enough, at the last step or
// time, or when no step is small enough; it waits (horizon 0) at the target until the record is taken.
// A workgroup owns one run.

// use ending
// use finite
// use flow
// use lane_sums
// use run_parameters
// use tile

struct Params {
  length: u32,
  channels: u32,
  plane: u32,
  // Residuals a row, a row an output, all of them used, and what their squares are multiplied by.
  samples: u32,
  outputs: u32,
  loss_scale: f32,
  tolerance: f32,
}

const LANES = 64u;
// Attempts with a step below this share of the time so far are given up: such a step cannot be told from none.
const SMALLEST = 1e-12;
// A residual's rounding, squared: about 1e-5 of its first size.
const ROUNDING = 1e-10;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> goal: Target;
@group(0) @binding(3) var<storage, read> r: array<f32>;
@group(0) @binding(4) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(5) var<storage, read_write> progress: array<Progress>;
@group(0) @binding(6) var<storage, read_write> horizon: array<u32>;
@group(0) @binding(7) var<storage, read_write> y: array<f32>;
@group(0) @binding(8) var<storage, read_write> work: array<f32>;

alias LaneSum = vec3f;
var<workgroup> accepted: u32;

// The two parts of the time add up to less than one of them shows.
fn reached(own: Progress, time: f32) -> bool {
  return (time - own.time) - own.time_rest <= 1e-7 * time;
}

// The number itself, which no compiler knows: the tolerance's sign is +. LLVM and Mesa's drivers take (t + h) - t for h.
fn opaque(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ (bitcast<u32>(params.tolerance) >> 31));
}

// Judges the attempt, moves the run on, and says whether the step is taken.
fn decide(run: u32, total: vec3f) -> bool {
  var own = progress[run];
  let room = (goal.time - own.time) - own.time_rest;
  let h = min(own.h, room);
  let loss = params.loss_scale * total.z;
  let error = sqrt(total.x / max(total.y, 1.0)) / params.tolerance;
  let finite = is_finite(error) && is_finite(loss);
  let taken = finite && error <= 1.0 && (loss <= 1.01 * own.loss || loss <= own.floor);
  // The cube root of 1 / error, kept within a factor of 5; 0.9 of it, so that the next step is taken too.
  var factor = 0.2;
  if (finite) {
    factor = 0.9 * exp2(log2(clamp(error, 1e-3, 1e3)) * (-1.0 / 3.0));
  }
  own.attempts += 1;
  if (taken) {
    own.steps += 1;
    if (own.steps == 1) {
      own.floor = ROUNDING * loss;
    }
    // Two-sum: what the sum of times loses is kept beside it.
    let step = h + own.time_rest;
    let time = opaque(own.time + step);
    own.time_rest = step - (time - own.time);
    own.time = time;
    own.loss = loss;
    let proposed = h * clamp(factor, 0.2, 5.0);
    // A step cut short by the target says nothing against the one proposed before.
    own.h = select(proposed, max(proposed, own.h), h < own.h);
    if (loss <= runs[run].stop_loss) {
      own.status = CONVERGED;
    } else if (own.steps >= goal.last_step || reached(own, goal.last_time)) {
      own.status = FINISHED;
    } else if (own.steps >= goal.steps || reached(own, goal.time)) {
      own.waiting = 1;
    }
  } else {
    own.h = h * clamp(factor, 0.1, 0.5);
    if (!(own.h > SMALLEST * max(own.time, 1e-20))) {
      own.status = DIVERGED;
    }
  }
  if (own.status != 0 || own.waiting != 0) {
    horizon[2 * run] = 0;
  }
  progress[run] = own;
  return taken;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = run_tiles[group.x * TILE + 4];
  let run = row / params.channels;
  let first = run * params.length;
  let plane = params.plane;
  let h = min(progress[run].h, (goal.time - progress[run].time) - progress[run].time_rest);
  let training = progress[run].status == 0 && progress[run].waiting == 0;
  var sum = vec3f();
  for (var i = lane; i < params.length; i += LANES) {
    let scale = work[first + i + 5 * plane];
    // By its bits: one that is NaN counts.
    if (bitcast<u32>(scale) != 0) {
      let k = vec4f(
        work[first + i], work[first + i + plane], work[first + i + 2 * plane], work[first + i + 3 * plane]);
      let error = h * dot(k, vec4f(-5.0 / 72.0, 1.0 / 12.0, 1.0 / 9.0, -1.0 / 8.0)) / scale;
      sum += vec3f(error * error, 1.0, 0.0);
    }
  }
  for (var j = lane; j < params.outputs * params.samples; j += LANES) {
    let residual = r[row * params.samples + j];
    sum.z += residual * residual;
  }
  add_lanes(lane, sum);
  workgroupBarrier();
  if (lane == 0) {
    accepted = 0;
    if (training) {
      accepted = u32(decide(run, lane_sums[0]));
    }
  }
  workgroupBarrier();
  if (accepted != 0) {
    for (var i = lane; i < params.length; i += LANES) {
      y[first + i] = work[first + i + 4 * plane];
      work[first + i] = work[first + i + 3 * plane];
    }
  }
}
