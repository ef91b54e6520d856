// Signals back through one layer of ReLU networks before the ReLU's gate, at w(0) and as a change since:
//
//   S0 = W0^T B0,   dS = W^T dB + D^T B0,   B = 1[Z > 0] S above, B = 1 at the output;   dB = B - B0 without cancelling:
//   dS where a unit is active before and after, S0 + dS where it has become active, -S0 where it no longer is
//
//   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ   signals [runs, units, samples]: S0
//   changes [runs, copies, units, samples]: dS   TOP: the layer above is the output: S0 = W0, dS = D.
//   START: S0 is made, in `changes`, bound with copies = 1.
//
// Sums run over the layer above in index order, W dB before D B0:
// |error| <= gamma(2 fan_out + 1) (|W|^T |dB| + |D|^T |B0|), and what the errors of dS above make of it.
// An invocation owns one sample (x) of one unit below (y) of one network (z: entry of the tile table and copy).

struct Params {
  samples: u32,
  channels: u32,
  copies: u32,
  units: u32,
  stride: u32,
  parameters: u32,
  // The layer: its first weight, its units below and above, and the first rows of both.
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override TOP: bool = false;
override START: bool = false;

const TILE = 12u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> start: array<f32>;
@group(0) @binding(3) var<storage, read> state: array<f32>;
@group(0) @binding(4) var<storage, read> weights: array<f32>;
@group(0) @binding(5) var<storage, read> base: array<f32>;
@group(0) @binding(6) var<storage, read> z: array<f32>;
@group(0) @binding(7) var<storage, read> signals: array<f32>;
@group(0) @binding(8) var<storage, read_write> changes: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let j = id.x;
  let N = params.samples;
  if (j >= N) {
    return;
  }
  let run = singles[id.z / params.copies * TILE + 4] / params.channels;
  let copy = id.z % params.copies;
  let own = run * params.copies + copy;
  let base_above = (run * params.units + params.above) * N + j;
  let change_above = (own * params.units + params.above) * N + j;
  var sum = 0.0;
  for (var k = 0u; k < params.fan_out; k++) {
    let weight = params.offset + k * params.fan_in + id.y;
    let W0 = run * params.parameters + weight;
    if (START) {
      if (TOP) {
        sum += start[W0];
      } else if (base[base_above + k * N] > 0.0) {
        sum += start[W0] * changes[change_above + k * N];
      }
    } else {
      let D = state[run * params.stride + copy * params.parameters + weight];
      if (TOP) {
        sum += D;
      } else {
        let before = base[base_above + k * N];
        let after = before + z[change_above + k * N];
        let S0 = signals[base_above + k * N];
        var dB = select(0.0, -S0, before > 0.0);
        if (after > 0.0) {
          dB = changes[change_above + k * N];
          dB += select(S0, 0.0, before > 0.0);
        }
        sum += weights[own * params.parameters + weight] * dB;
        sum += D * select(0.0, S0, before > 0.0);
      }
    }
  }
  changes[(own * params.units + params.below + id.y) * N + j] = sum;
}
