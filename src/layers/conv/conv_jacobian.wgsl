// What some weights of a convolution add to inner products of Jacobians, from gradients of single samples (conv_tangents.wgsl):
//
//   out[run, column ..]: sums of G0 G0, G0 dG and dG dG over weights, samples, outputs and copies.   ADDS: to what is there.
//
//   tangents [slots, copies, weights, outputs, samples]: G0 and dG
//
// Sums run by lanes, then a tree: relative to the sum of absolute terms, |error| <= gamma(terms / LANES + 8).
// A workgroup owns one run.

// use lane_sums
// use network

override ADDS: bool = false;

const LANES = 64u;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> tangents: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

alias LaneSum = vec3f;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let count = params.copies * params.weight_count * signals_of_unit();
  var sum = vec3f();
  for (var k = lane; k < count; k += LANES) {
    let G = tangents[group.x * count + k];
    sum += vec3f(G.x * G.x, G.x * G.y, G.y * G.y);
  }
  add_lanes(lane, sum);
  if (lane == 0) {
    let at = network_of(group.x, 0).run * params.stride + params.slope;
    for (var part = 0u; part < 3; part++) {
      out[at + part] = lane_sums[0][part] + select(0.0, out[at + part], ADDS);
    }
  }
}
