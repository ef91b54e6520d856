// How far tangent kernels have moved, one a run, for the CPU to finish in float64.
//
//   change [slots, samples, samples]: K - K0, in units of the run   start [starts, samples, samples]: K0, in its own
//   out[run, column ..]: largest |change|, largest |K0|, then with both scaled by the powers of two below those:
//   |change|^2, <change, K0>, |K0|^2, and |change - c K0|^2 with c = <change, K0> / |K0|^2: the part of the change
//   that turns the kernel, from which 1 - cos(K, K0) comes without rounding to zero; the lowest and the highest change.
//
// A workgroup owns one run. Sums: strided partial sums, then a tree.

struct Params {
  // Entries of one kernel: samples^2.
  entries: u32,
  channels: u32,
  first: u32,
  column: u32,
  record: u32,
}

const TILE = 12u;
const MOST_LANES = 128u;

// Invocations a run: 4 where a barrier is dear.
override LANES: u32 = 128;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> change: array<f32>;
@group(0) @binding(3) var<storage, read> start: array<f32>;
// The kernel at the start, of each run.
@group(0) @binding(4) var<storage, read> start_of: array<u32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;

var<workgroup> largest: array<vec2u, MOST_LANES>;
// The lowest change, turned round, and the highest.
var<workgroup> extremes: array<vec2f, MOST_LANES>;
var<workgroup> sums: array<vec4f, MOST_LANES>;

fn inverse_of(top: u32) -> f32 {
  return bitcast<f32>(0x7f000000u - clamp(top & 0x7f800000u, 0x00800000u, 0x7e000000u));
}

fn add_up(lane: u32, value: vec4f) -> vec4f {
  sums[lane] = value;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      sums[lane] += sums[lane + half];
    }
  }
  workgroupBarrier();
  let total = sums[0];
  workgroupBarrier();
  return total;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let run = singles[(params.first + group.x) * TILE + 4] / params.channels;
  let a = group.x * params.entries;
  let b = start_of[run] * params.entries;
  var top = vec2u();
  var extreme = vec2f(-change[a], change[a]);
  for (var i = lane; i < params.entries; i += LANES) {
    let moved = change[a + i];
    top = max(top, vec2u(bitcast<u32>(moved), bitcast<u32>(start[b + i])) & vec2u(0x7fffffffu));
    extreme = max(extreme, vec2f(-moved, moved));
  }
  largest[lane] = top;
  extremes[lane] = extreme;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      largest[lane] = max(largest[lane], largest[lane + half]);
      extremes[lane] = max(extremes[lane], extremes[lane + half]);
    }
  }
  workgroupBarrier();
  top = largest[0];
  let scale = vec2f(inverse_of(top.x), inverse_of(top.y));

  var products = vec4f();
  for (var i = lane; i < params.entries; i += LANES) {
    let both = vec2f(change[a + i], start[b + i]) * scale;
    products += vec4f(both.x * both.x, both.x * both.y, both.y * both.y, 0.0);
  }
  let total = add_up(lane, products);
  let c = total.y / total.z;
  var turn = 0.0;
  for (var i = lane; i < params.entries; i += LANES) {
    let across = change[a + i] * scale.x - c * (start[b + i] * scale.y);
    turn += across * across;
  }
  let turned = add_up(lane, vec4f(turn, 0.0, 0.0, 0.0)).x;
  if (lane == 0) {
    let record = run * params.record + params.column;
    out[record] = bitcast<f32>(top.x);
    out[record + 1] = bitcast<f32>(top.y);
    out[record + 2] = total.x;
    out[record + 3] = total.y;
    out[record + 4] = total.z;
    out[record + 5] = turned;
    out[record + 6] = -extremes[0].x;
    out[record + 7] = extremes[0].y;
  }
}
