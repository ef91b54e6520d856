// Norms of vectors, one a run and field, for the CPU to finish in float64.
//
//   v [.., length] at run * stride + offset + field * length
//   out[run, column + 3 field ..]: the largest |v|; sum |v| / p; sum (v / p)^2, with p the power of two at or below
//   the largest |v|. Scaled so that squares neither overflow nor underflow.
//
// A workgroup owns one vector (x: field, y: entry of the tile table). A vector that is not finite has the largest |v|
// infinite or NaN. Sums: strided partial sums of `length / LANES` terms, then a tree:
// relative error <= gamma(length / LANES + log2 LANES + 2).

// use lane_sums
// use magnitude
// use tile

struct Params {
  length: u32,
  // Floats from one run's vectors to the next run's.
  stride: u32,
  // Floats of a run's before the first vector.
  offset: u32,
  column: u32,
  // Floats of one run's record.
  record: u32,
  // Rows of the tile table a run.
  channels: u32,
}

// Invocations a run: 4 where a barrier is dear.
override LANES: u32 = 64;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

var<workgroup> largest: array<u32, LANES>;
alias LaneSum = vec2f;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let run = run_tiles[group.y * TILE + 4] / params.channels;
  let at = run * params.stride + params.offset + group.x * params.length;
  var top = 0u;
  for (var i = lane; i < params.length; i += LANES) {
    top = max(top, magnitude_of(v[at + i]));
  }
  largest[lane] = top;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      largest[lane] = max(largest[lane], largest[lane + half]);
    }
  }
  workgroupBarrier();
  top = largest[0];
  let inverse = inverse_near(top);
  var sum = vec2f();
  for (var i = lane; i < params.length; i += LANES) {
    let scaled = abs(v[at + i]) * inverse;
    sum += vec2f(scaled, scaled * scaled);
  }
  add_lanes(lane, sum);
  if (lane == 0) {
    let record = run * params.record + params.column + 3 * group.x;
    out[record] = bitcast<f32>(top);
    out[record + 1] = lane_sums[0].x;
    out[record + 2] = lane_sums[0].y;
  }
}
