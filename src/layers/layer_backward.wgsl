// Signals back through a layer of weights:  B[u, j] = 1[Z0 + dZ > 0] sum over k of W[k, u] B above[k, j]
//
//   delta [runs, copies, units, capacity]: B times dL/df of the sample   signal [rows, capacity]: rows `slope` on of each
//   run hold dL/df by its outputs, which the second copy takes with the other sign   ReLU'(0) = 0
//   TOP: the units above are outputs, whose B are +-dL/df.   A kind of layer says what is multiplied (src/layers/dense/dense_backward.wgsl).
//
// Sums run over the layer above in index order: |error| <= gamma(fan_out) |W|^T |B above|.

// use activation
// use network
// use scalars
// use unseen
// use whole

override TOP: bool = false;

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> weights: array<f32>;

struct Product {
  stream: u32,
  // First entries: Z0 below, dZ and B below, B or dL/df above, the layer's weights.
  base: u32,
  below: u32,
  above: u32,
  weights: u32,
  sign: f32,
  // What a loop reads again and again is read once.
  fan_in: u32,
  capacity: u32,
}

// A unit below: where its weights begin, its Z0, and its dZ and B.
struct Row {
  W: u32,
  base: u32,
  below: u32,
}

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  let above = select(network.own * params.units + params.above, network.row + params.slope, TOP);
  return Product(
    stream_of(network),
    (network.run * params.units + params.below) * params.samples,
    (network.own * params.units + params.below) * params.capacity,
    above * params.capacity,
    network.own * params.parameters + params.offset,
    1.0 - 2.0 * f32(network.copy),
    params.fan_in,
    params.capacity,
  );
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return weights[row.W + term.W];
}

// What has come through to a unit, if it is active.
fn put(product: Product, row: Row, column: Column, sum: Sum) {
  var kept = sum;
  if (!LINEAR) {
    let end = base[row.base + base_below(column)] + z[row.below + z_below(column)];
    kept = select(0.0, sum, is_active(end));
  }
  put_delta(row.below + z_below(column), kept);
}
