// What a layer's weights add to inner products of Jacobians, J0 at w(0) and its change dJ since, over samples, outputs and copies:
//
//   <J0, J0> = sum <h0, h0> <b0, b0>     <J0, dJ> = sum <h0, dh> <b0, b> + <h0, h0> <b0, db>
//   |dJ|^2 = sum <dh, dh> <b, b> + 2 <h0, dh> <b, db> + <h0, h0> <db, db>,     b = b0 + db
//
//   X transposed [data, inputs, samples]   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ
//   signals [runs, units, outputs, samples]: B0   changes [runs, copies, units, outputs, samples]: dB
//   out[run, column ..]: the three, in the run's units
//   FIRST: the layer below is the input.   TOP: the units above are outputs, b = 1 of its own.   ADDS: to what is there.
//
// No Jacobian is formed, and nothing that is nearly equal is subtracted. Sums run over units, then over samples by lanes, then a tree:
// relative to the sum of absolute terms, |error| <= gamma(units + samples outputs copies / LANES + 16).
// A workgroup owns one run.

// use change
// use lane_sums
// use network

override FIRST: bool = false;
override TOP: bool = false;
override ADDS: bool = false;

const LANES = 64u;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;
@group(0) @binding(5) var<storage, read> signals: array<f32>;
@group(0) @binding(6) var<storage, read> changes: array<f32>;
@group(0) @binding(7) var<storage, read_write> out: array<f32>;

alias LaneSum = vec3f;

// Inner products of numbers at the start and of their changes: before and before, before and change, change and change.
fn products(before: f32, change: f32) -> vec3f {
  return vec3f(before * before, before * change, change * change);
}

fn below_of(network: Network, sample: u32) -> vec3f {
  let N = params.samples;
  var sum = vec3f();
  for (var i = 0u; i < params.fan_in; i++) {
    if (FIRST) {
      sum += products(X[inputs_of(network) + i * N + sample], 0.0);
    } else {
      let unit = params.below + i;
      let moved = change_of(
        base[(network.run * params.units + unit) * N + sample], z[(network.own * params.units + unit) * N + sample]);
      sum += products(moved.before, moved.moved);
    }
  }
  return sum;
}

fn above_of(network: Network, place: u32) -> vec3f {
  if (TOP) {
    return vec3f(1.0, 0.0, 0.0);
  }
  let each = signals_of_unit();
  var sum = vec3f();
  for (var i = 0u; i < params.fan_out; i++) {
    let unit = params.above + i;
    sum += products(
      signals[(network.run * params.units + unit) * each + place],
      changes[(network.own * params.units + unit) * each + place]);
  }
  return sum;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let each = signals_of_unit();
  let run = network_of(group.x, 0).run;
  var sum = vec3f();
  for (var k = lane; k < params.copies * each; k += LANES) {
    let network = network_of(group.x, k / each);
    let place = k % each;
    let h = below_of(network, place % params.samples);
    let b = above_of(network, place);
    // <b0, b>, <b, b> and <b, db>.
    let across = b.x + b.y;
    let now = b.x + 2.0 * b.y + b.z;
    let moved = b.y + b.z;
    sum += vec3f(h.x * b.x, h.y * across + h.x * b.y, h.z * now + 2.0 * (h.y * moved) + h.x * b.z);
  }
  add_lanes(lane, sum);
  if (lane == 0) {
    let at = run * params.stride + params.slope;
    for (var part = 0u; part < 3; part++) {
      out[at + part] = lane_sums[0][part] + select(0.0, out[at + part], ADDS);
    }
  }
}
