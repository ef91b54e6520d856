// How well outputs f agree with labels y, a run at a time:
//
//   outputs [rows, samples]: f is row `row` of each run   y [data, samples]
//   out[run, column ..]: samples with y f > 0; the smallest y f
//
// A zero output agrees with no label. Where an output is not finite neither number is. A workgroup owns one run. One rounding;
// none where labels are +-1.

// use tile

struct Params {
  samples: u32,
  channels: u32,
  row: u32,
  column: u32,
  record: u32,
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> outputs: array<f32>;
@group(0) @binding(3) var<storage, read> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

var<workgroup> counts: array<vec2f, LANES>;
// Bits of the largest absolute products, infinity and NaN on top.
var<workgroup> largest: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = singles[group.x * TILE + 4];
  let first = (row + params.row) * params.samples;
  let labels = singles[group.x * TILE] * params.samples;
  var found = vec2f(0.0, y[labels] * outputs[first]);
  var top = 0u;
  for (var j = lane; j < params.samples; j += LANES) {
    let product = y[labels + j] * outputs[first + j];
    found = vec2f(found.x + f32(product > 0.0), min(found.y, product));
    top = max(top, bitcast<u32>(product) & 0x7fffffffu);
  }
  counts[lane] = found;
  largest[lane] = top;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      let other = counts[lane + half];
      counts[lane] = vec2f(counts[lane].x + other.x, min(counts[lane].y, other.y));
      largest[lane] = max(largest[lane], largest[lane + half]);
    }
  }
  if (lane == 0) {
    let record = row / params.channels * params.record + params.column;
    let finite = (largest[0] & 0x7f800000u) != 0x7f800000u;
    out[record] = select(bitcast<f32>(largest[0]), counts[0].x, finite);
    out[record + 1] = select(bitcast<f32>(largest[0]), counts[0].y, finite);
  }
}
