// A stage of the Bogacki-Shampine 3(2) pair (Bogacki & Shampine 1989), every run with a step h of its own:
//
//   STAGE 0: y   1: y + h/2 k1   2: y + 3h/4 k2   3: y + h (2/9 k1 + 1/3 k2 + 4/9 k3), the step's end
//   y [runs, length]   work [6, plane]: k1, k2, k3, k4, the stage, tolerance scales; each [runs, length], padded
//
// An invocation owns one number (x) of one run (y: entry of the tile table). A step ends at the target time at latest.

// use flow
// use tile

struct Params {
  length: u32,
  channels: u32,
  // Floats from one vector of `work` to the next.
  plane: u32,
}

override STAGE: u32 = 0;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> goal: Target;
@group(0) @binding(3) var<storage, read> progress: array<Progress>;
@group(0) @binding(4) var<storage, read> y: array<f32>;
@group(0) @binding(5) var<storage, read_write> work: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.length) {
    return;
  }
  let run = run_tiles[id.y * TILE + 4] / params.channels;
  let i = run * params.length + id.x;
  let h = min(progress[run].h, (goal.time - progress[run].time) - progress[run].time_rest);
  var value = y[i];
  if (STAGE == 1) {
    value += (0.5 * h) * work[i];
  } else if (STAGE == 2) {
    value += (0.75 * h) * work[i + params.plane];
  } else if (STAGE == 3) {
    let k3 = work[i + 2 * params.plane];
    value += h * ((2.0 / 9.0) * work[i] + (1.0 / 3.0) * work[i + params.plane] + (4.0 / 9.0) * k3);
  }
  work[i + 4 * params.plane] = value;
}
