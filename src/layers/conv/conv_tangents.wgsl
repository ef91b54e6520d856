// Gradients of single samples by weights of a convolution, G = sum over positions of B H^T, as they are at w(0), G0, and their changes
// since:
//
//   dG = sum over positions of dB H + B0 dH,   H = H0 + dH
//
//   X transposed [data, inputs, samples]   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ
//   signals [runs, units, outputs, samples]: B0   changes [runs, copies, units, outputs, samples]: dB
//   tangents [slots, copies, weights, outputs, samples]: G0 and dG of `weight_count` weights from `first_weight` on; slot k is
//   entry first + k of the tile table. FIRST: the layer below is the input.   START: G0 alone; copies start alike.
//
// Nothing cancels. Sums run over positions in order: |error| <= gamma(2 positions + 2) of the sum of absolute terms.
// An invocation owns one sample of one output (x) of one weight (y) of one network (z).

// use change
// use conv
// use network

override FIRST: bool = false;
override START: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;
@group(0) @binding(5) var<storage, read> signals: array<f32>;
@group(0) @binding(6) var<storage, read> changes: array<f32>;
@group(0) @binding(7) var<storage, read_write> tangents: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let each = signals_of_unit();
  if (id.x >= each) {
    return;
  }
  let N = params.samples;
  let sample = id.x % N;
  let network = network_of(params.first + id.z / params.copies, id.z % params.copies);
  let weight = params.first_weight + id.y;
  let channel = weight / params.fan_in;
  let tap = tap_of(weight % params.fan_in);
  let above = params.above + channel * positions_above();
  let start = (network.run * params.units + above) * each + id.x;
  let change = (network.own * params.units + above) * each + id.x;
  var sum = vec2f();
  for (var position = 0u; position < positions_above(); position++) {
    let pixel = corner_of(position) + vec2u(tap.x, tap.y);
    if (is_pixel(pixel)) {
      let place = pixel_of(tap.channel, pixel);
      var H = 0.0;
      var dH = 0.0;
      if (FIRST) {
        H = X[inputs_of(network) + place * N + sample];
      } else {
        let unit = params.below + place;
        let Z = base[(network.run * params.units + unit) * N + sample];
        if (START) {
          H = activation(Z);
        } else {
          let moved = change_of(Z, z[(network.own * params.units + unit) * N + sample]);
          H = moved.before;
          dH = moved.moved;
        }
      }
      let B = signals[start + position * each];
      sum.x += B * H;
      if (!START) {
        sum.y += changes[change + position * each] * (H + dH) + B * dH;
      }
    }
  }
  tangents[(id.z * params.weight_count + id.y) * each + id.x] = sum;
}
