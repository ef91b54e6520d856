// How well outputs f agree with labels y, a run at a time:
//
//   outputs [rows, samples]: f is row `row` of each run, and those after it   y [data, outputs, samples]
//   out[run, column ..]: samples with a margin > 0; the smallest margin
//
// The margin of one output is y f; of several it is the output where y is largest, the first of them, less the largest other.
// A margin of 0 agrees with no label. Where an output is not finite neither number is. A workgroup owns one run. One rounding;
// none where labels are +-1.

// use finite
// use magnitude
// use tile

struct Params {
  samples: u32,
  channels: u32,
  row: u32,
  outputs: u32,
  column: u32,
  record: u32,
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> outputs: array<f32>;
@group(0) @binding(3) var<storage, read> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

var<workgroup> counts: array<vec2f, LANES>;
// Bits of the largest absolute products, infinity and NaN on top.
var<workgroup> largest: array<u32, LANES>;

// Of the sample whose first label and output lie here.
fn margin_of(label: u32, at: u32) -> f32 {
  if (params.outputs == 1) {
    return y[label] * outputs[at];
  }
  var best = y[label];
  var own = outputs[at];
  var other = -0x1.fffffep127f;
  var top = magnitude_of(own);
  for (var k = 1u; k < params.outputs; k++) {
    let own_label = y[label + k * params.samples];
    let output = outputs[at + k * params.samples];
    top = max(top, magnitude_of(output));
    if (own_label > best) {
      best = own_label;
      other = max(other, own);
      own = output;
    } else {
      other = max(other, output);
    }
  }
  return select(own - other, bitcast<f32>(top), top >= 0x7f800000u);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = run_tiles[group.x * TILE + 4];
  let first = (row + params.row) * params.samples;
  let labels = run_tiles[group.x * TILE] * params.outputs * params.samples;
  var found = vec2f(0.0, margin_of(labels, first));
  var top = 0u;
  for (var j = lane; j < params.samples; j += LANES) {
    let product = margin_of(labels + j, first + j);
    found = vec2f(found.x + f32(product > 0.0), min(found.y, product));
    top = max(top, magnitude_of(product));
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
    let finite = is_finite(bitcast<f32>(largest[0]));
    out[record] = select(bitcast<f32>(largest[0]), counts[0].x, finite);
    out[record + 1] = select(bitcast<f32>(largest[0]), counts[0].y, finite);
  }
}
