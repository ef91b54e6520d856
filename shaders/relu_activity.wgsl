// Which of some hidden units of ReLU networks are active, and which (unit, sample) pairs are as at w(0):
//
//   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ
//   out[run, column ..], of `count` units from `first` on: those active on at least one sample; pairs whose sign is that at w(0): counts over both copies
//
// A workgroup owns one run; a lane takes every LANES-th unit. Counts are exact below 2^24, then right to 2^-24.

// use lane_sums
// use tile

struct Params {
  samples: u32,
  channels: u32,
  copies: u32,
  units: u32,
  first: u32,
  count: u32,
  column: u32,
  record: u32,
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read> z: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

alias LaneSum = vec2u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let run = run_tiles[group.x * TILE + 4] / params.channels;
  var count = vec2u();
  for (var unit = lane; unit < params.copies * params.count; unit += LANES) {
    let copy = unit / params.count;
    let own = params.first + unit % params.count;
    let start = (run * params.units + own) * params.samples;
    let change = ((run * params.copies + copy) * params.units + own) * params.samples;
    var lives = false;
    for (var j = 0u; j < params.samples; j++) {
      let before = base[start + j];
      let after = before + z[change + j];
      lives = lives || after > 0.0;
      count.y += u32((before > 0.0) == (after > 0.0));
    }
    count.x += u32(lives);
  }
  add_lanes(lane, count);
  if (lane == 0) {
    let record = run * params.record + params.column;
    out[record] = f32(lane_sums[0].x);
    out[record + 1] = f32(lane_sums[0].y);
  }
}
