// Gradients of one layer of ReLU networks:  G[u, i] = sum over samples j of the batch of B[u, j] H[i, j]
//
//   delta [runs, copies, units, capacity]: B, signals back times dL/df; TOP: the units above are outputs, and their B
//   are rows `slope` on of the run's rows of `signal` [rows, capacity], which the second copy takes with the other sign
//   H = [Z0 + dZ]+ of the layer below, from base and z; FIRST: the input X transposed [data, inputs, samples];
//   G in gradients [runs, copies, parameters]: layers [fan_out, fan_in] from `offset` on
//   START: everything at w(0), J0^T a: `delta` holds signals back B0 [runs, units, outputs, samples] as
//   relu_signals_start.wgsl makes them, `signal` the states, whose entries [outputs, samples] from `slope` on are a, and copies
//   is 1: the sum runs over samples and outputs.
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
@group(0) @binding(2) var<storage, read> singles: array<u32>;
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

// A unit below: where its X or Z0 begins, its dZ, and its place among gradients.
struct Column {
  base: u32,
  z: u32,
  i: u32,
}

// A sample: its places in the batch and in the data; with START, of an output.
struct Term {
  j: u32,
  sample: u32,
  output: u32,
}

// Signals back of a unit.
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

fn size_of(product: Product) -> Size {
  return Size(params.fan_out, params.fan_in, select(step.size, signals_of_unit(), START));
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_out - 1);
  return Row(
    unit, product.above + unit * signals_of_row(), product.slope + unit * params.capacity,
    product.gradients + unit * params.fan_in);
}

fn column_of(product: Product, j: u32) -> Column {
  let unit = min(j, params.fan_in - 1);
  return Column(product.base + unit * params.samples, product.z + unit * params.capacity, unit);
}

fn term_of(product: Product, k: u32) -> Term {
  if (START) {
    return Term(k, k % params.samples, k / params.samples);
  }
  return Term(k, sample_of(product.stream, k), 0);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  if (START && TOP) {
    return select(0.0, signal[product.slope + term.j], term.output == row.unit);
  }
  if (TOP) {
    return product.sign * signal[row.slope + term.j];
  }
  let B = delta[row.B + term.j];
  if (START) {
    return B * signal[product.slope + term.j];
  }
  return B;
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  if (FIRST) {
    return X[column.base + term.sample];
  }
  if (START) {
    return activation(base[column.base + term.sample]);
  }
  return activation(base[column.base + term.sample] + z[column.z + term.j]);
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  gradients[row.gradients + column.i] = sum;
}
