// How far tangent kernels have moved, one a run, for the CPU to finish in float64.
//
//   change [slots, samples, samples]: K - K0, in units of the run   start [starts, samples, samples]: K0, in its own
//   out[run, column ..]: largest |change|, largest |K0|, then with both scaled by the powers of two below those:
//   |change|^2, <change, K0>, |K0|^2, and |change - c K0|^2 with c = <change, K0> / |K0|^2: the part of the change
//   that turns the kernel, from which 1 - cos(K, K0) comes without rounding to zero; the lowest and the highest change.
//
// A workgroup owns one run, an invocation every LANES-th row up to the diagonal: the matrices are symmetric, and column i
// above the diagonal is row i below it. Entries beside the diagonal count twice. Sums: of a row, of an invocation's rows,
// then a tree: each is right to gamma(samples + samples / LANES + log2 LANES + 4) of its absolute terms.

// use lane_sums
// use magnitude
// use tile

struct Params {
  samples: u32,
  channels: u32,
  first: u32,
  column: u32,
  record: u32,
}

// Invocations a run: 4 where a barrier is dear.
override LANES: u32 = 128;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> change: array<f32>;
@group(0) @binding(3) var<storage, read> start: array<f32>;
// The kernel at the start, of each run.
@group(0) @binding(4) var<storage, read> start_of: array<u32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;

var<workgroup> largest: array<vec2u, LANES>;
// The lowest change, turned round, and the highest.
var<workgroup> extremes: array<vec2f, LANES>;
alias LaneSum = vec4f;

fn add_up(lane: u32, value: vec4f) -> vec4f {
  add_lanes(lane, value);
  workgroupBarrier();
  let total = lane_sums[0];
  workgroupBarrier();
  return total;
}

// Entry (j, i) of both matrices, as they are.
fn entry_of(at: vec2u, j: u32, i: u32) -> vec2f {
  let place = at + j * params.samples + i;
  return vec2f(change[place.x], start[place.y]);
}

fn products_of(both: vec2f) -> vec3f {
  return vec3f(both.x * both.x, both.x * both.y, both.y * both.y);
}

fn square_across(both: vec2f, c: f32) -> f32 {
  let across = both.x - c * both.y;
  return across * across;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let N = params.samples;
  let run = run_tiles[(params.first + group.x) * TILE + 4] / params.channels;
  let at = vec2u(group.x, start_of[run]) * N * N;
  var top = vec2u();
  let corner = change[at.x];
  var extreme = vec2f(-corner, corner);
  for (var i = lane; i < N; i += LANES) {
    for (var j = 0u; j <= i; j++) {
      let both = entry_of(at, j, i);
      top = max(top, bitcast<vec2u>(both) & vec2u(0x7fffffffu));
      extreme = max(extreme, vec2f(-both.x, both.x));
    }
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
  let scale = vec2f(inverse_near(top.x), inverse_near(top.y));

  var products = vec3f();
  for (var i = lane; i < N; i += LANES) {
    var row = vec3f();
    for (var j = 0u; j < i; j++) {
      row += products_of(entry_of(at, j, i) * scale);
    }
    products += 2.0 * row + products_of(entry_of(at, i, i) * scale);
  }
  let total = add_up(lane, vec4f(products, 0.0));
  let c = total.y / total.z;
  var turn = 0.0;
  for (var i = lane; i < N; i += LANES) {
    var row = 0.0;
    for (var j = 0u; j < i; j++) {
      row += square_across(entry_of(at, j, i) * scale, c);
    }
    turn += 2.0 * row + square_across(entry_of(at, i, i) * scale, c);
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
