// Gradients of a layer of weights:  G[u, i] = sum over samples j of the batch of B[u, j] H[i, j]
//
//   delta [runs, copies, units, capacity]: B, signals back times dL/df; TOP: the units above are outputs, and their B
//   are rows `slope` on of the run's rows of `signal` [rows, capacity], which the second copy takes with the other sign
//   H = [Z0 + dZ]+ of the layer below, from base and z; FIRST: the input X transposed [data, inputs, samples];
//   G in gradients [runs, copies, parameters]: layers [fan_out, fan_in] from `offset` on
//   START: everything at w(0), J0^T a: `delta` holds signals back B0 [runs, units, outputs, samples] as
//   src/layers/layer_signals_start.wgsl makes them, `signal` the states, whose entries [outputs, samples] from `slope` on are a, and copies
//   is 1: the sum runs over samples and outputs.   A kind of layer says what is multiplied (src/layers/dense/dense_gradient.wgsl).
//
// Sums run over the batch in order, |error| <= gamma(batch + 1) |B| |H|^T; where lanes take turns (src/products/split.wgsl),
// |error| <= gamma(batch / LANES + LANES + 1) |B| |H|^T.

// use activation
// use minibatch
// use network
// use scalars
// use unseen
// use whole

override FIRST: bool = false;
override TOP: bool = false;
override START: bool = false;

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> base: array<f32>;
@group(0) @binding(6) var<storage, read> z: array<f32>;
@group(0) @binding(7) var<storage, read> delta: array<f32>;
@group(0) @binding(8) var<storage, read> signal: array<f32>;
@group(0) @binding(9) var<storage, read_write> gradients: array<f32>;

struct Product {
  stream: u32,
  // First entries: X or Z0 below, dZ below, B above, dL/df with its sign, G.
  base: u32,
  z: u32,
  above: u32,
  slope: u32,
  gradients: u32,
  sign: f32,
}

// A unit above: where its B and dL/df begin, and its gradients.
struct Row {
  unit: u32,
  B: u32,
  slope: u32,
  gradients: u32,
}

// Signals back of a unit, at one position.
fn signals_of_row() -> u32 {
  return select(params.capacity, signals_of_unit(), START);
}

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  let slope = (network.row + params.slope) * params.capacity;
  return Product(
    stream_of(network),
    select((network.run * params.units + params.below) * params.samples, inputs_of(network), FIRST),
    (network.own * params.units + params.below) * params.capacity,
    (network.own * params.units + params.above) * signals_of_row(),
    select(slope, network.run * params.stride + params.slope, START),
    network.own * params.parameters + params.offset,
    1.0 - 2.0 * f32(network.copy),
  );
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_out - 1);
  return Row(
    unit, product.above + unit * positions_above() * signals_of_row(), product.slope + unit * params.capacity,
    product.gradients + unit * params.fan_in);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  if (START && TOP) {
    return select(0.0, signal[product.slope + slope_of(term)], term.output == row.unit);
  }
  if (TOP) {
    return product.sign * signal[row.slope + slope_of(term)];
  }
  let B = select(0.0, delta[row.B + term.j], counts(term));
  if (START) {
    return B * signal[product.slope + slope_of(term)];
  }
  return B;
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  let met = meet(column, term);
  let place = column.base + term.sample;
  if (FIRST) {
    return select(0.0, X[place], met);
  }
  if (START) {
    return select(0.0, activation(base[place]), met);
  }
  return select(0.0, activation(base[place] + z[column.z + z_of(term)]), met);
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  gradients[row.gradients + column.i] = sum;
}
