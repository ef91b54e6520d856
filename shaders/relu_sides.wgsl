// What the Gram matrices of ReLU networks' tangent kernels are made of, one layer's: activations H, and signals B back.
//
//   Z = Z0 + dZ,   H = [Z]+,   B = 1[Z > 0] W^T B above from each output, a row of W in the place of W^T B at the outputs
//
//   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ   weights [runs, copies, parameters]: W
//   sides [runs, copies]: H [units, samples], then B [units, outputs, samples]   TOP: the units above are outputs.
//
// Sums run over the layer above in index order: |error| <= gamma(fan_out) |W|^T |B|, and what the errors of B above make
// of it. An invocation owns one sample and output (x) of one unit below (y) of one network (z: entry of the tile table and copy).

// use activation
// use network

override TOP: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;
@group(0) @binding(5) var<storage, read_write> sides: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let signals = signals_of_unit();
  if (id.x >= signals) {
    return;
  }
  let N = params.samples;
  let j = id.x % N;
  let output = id.x / N;
  let network = network_of_copy(id.z);
  let own = network.own;
  let unit = params.below + id.y;
  let value = base[(network.run * params.units + unit) * N + j] + z[(own * params.units + unit) * N + j];
  let first = own * params.units * (N + signals);
  let back = first + params.units * N;
  let weight = own * params.parameters + params.offset + id.y;
  var sum = 0.0;
  if (TOP) {
    sum = weights[weight + output * params.fan_in];
  } else {
    for (var k = 0u; k < params.fan_out; k++) {
      sum += weights[weight + k * params.fan_in] * sides[back + (params.above + k) * signals + id.x];
    }
  }
  sides[first + unit * N + j] = activation(value);
  sides[back + unit * signals + id.x] = select(0.0, sum, is_active(value));
}
