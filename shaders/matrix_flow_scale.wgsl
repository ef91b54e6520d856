// What errors of a matrix model's stored numbers are measured against when it follows the gradient flow: of each factor the
// root mean square of its entries, with a tenth of that at w(0) added, for v, or for d twice that and for s over k besides;
// 0, which leaves a number out, for the rest.
//
//   state [runs, stride]: a, then v, or d and s (PAIR), ...: vectors of `parameters`, as coordinates.ts lists them
//   factors [., 2]: first entry and entries of each   scale [runs, stride], zeros before
//
// A workgroup owns one factor (x) of one run (y: entry of the tile table).

// use lane_sums
// use run_parameters
// use tile

struct Params {
  channels: u32,
  stride: u32,
  parameters: u32,
}

override PAIR: bool = false;

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> factors: array<u32>;
@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read> state: array<f32>;
@group(0) @binding(5) var<storage, read_write> scale: array<f32>;

alias LaneSum = vec2f;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let run = run_tiles[group.y * TILE + 4] / params.channels;
  let at = run * params.stride + factors[2 * group.x];
  let count = factors[2 * group.x + 1];
  let k = runs[run].displacement;
  var sum = vec2f();
  for (var i = lane; i < count; i += LANES) {
    let a = state[at + i];
    let x = state[at + params.parameters + i];
    var square = (a + x) * (a + x);
    if (PAIR) {
      let mean = a + 0.5 * (k * k) * state[at + 2 * params.parameters + i];
      let half = 0.5 * k * x;
      square = mean * mean + half * half;
    }
    sum += vec2f(square, a * a);
  }
  add_lanes(lane, sum);
  workgroupBarrier();
  let roots = sqrt(lane_sums[0] / f32(count));
  let weight = roots.x + 0.1 * roots.y;
  for (var i = lane; i < count; i += LANES) {
    if (PAIR) {
      // Errors of w+ and w- are half those of their sum and difference.
      scale[at + params.parameters + i] = 2.0 * weight;
      scale[at + 2 * params.parameters + i] = 2.0 * weight / k;
    } else {
      scale[at + params.parameters + i] = weight;
    }
  }
}
