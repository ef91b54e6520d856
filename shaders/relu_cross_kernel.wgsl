// One layer's part of ReLU networks' tangent kernels between test and training inputs:
//
//   K = u sum over copies and layers of (H' H^T) o (B' B^T), ' of the test inputs, u = kernel_unit: no Jacobian is formed
//
//   X, test_X transposed [data, inputs, samples]   sides, test_sides [runs, copies]: H [units, samples], then B [units,
//   outputs, samples] (relu_sides.wgsl), whose products are summed over outputs   K [runs, test samples, samples]
//   FIRST: the layer below is the input, and K is written; else it is added to. TOP: the units above are outputs, B = 1 from each to itself.
//
// Sums run over units in index order: relative to the sum of absolute terms, each Gram matrix is right to gamma(units).

// use network
// use run_parameters
// use sample
// use scalars
// use unseen
// use whole

override FIRST: bool = false;
override TOP: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> test_X: array<f32>;
@group(0) @binding(4) var<storage, read> sides: array<f32>;
@group(0) @binding(5) var<storage, read> test_sides: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

struct Product {
  entry: u32,
  run: u32,
  unit: f32,
  // Whether the rows are those of inputs; the first of them, and how many.
  inputs: bool,
  first: u32,
  rows: u32,
  samples: u32,
  test_samples: u32,
}

// A unit: where its numbers begin in rows of training and of test samples.
struct Term {
  at: u32,
  test: u32,
}

fn product_of(entry: u32) -> Product {
  let run = network_of(entry, 0).run;
  return Product(entry, run, runs[run].kernel_unit, FIRST, 0, 0, params.samples, params.test_samples);
}

// Rows of samples: those of units, and of units' signals from each output.
fn first_row(network: Network) -> u32 {
  return network.own * params.units * (1 + params.outputs);
}

fn below_of(product: Product, copy: u32) -> Product {
  let network = network_of(product.entry, copy);
  var below = product;
  below.first = select(first_row(network) + params.below, run_tiles[network.tile] * params.inputs, FIRST);
  below.rows = params.fan_in;
  return below;
}

fn above_of(product: Product, copy: u32) -> Product {
  let network = network_of(product.entry, copy);
  var above = product;
  above.inputs = false;
  above.first = first_row(network) + params.units + params.above * params.outputs;
  above.rows = params.fan_out * params.outputs;
  return above;
}

fn parts_of(product: Product) -> u32 {
  return params.copies;
}

fn has_above() -> bool {
  return !TOP;
}

fn size_of(product: Product) -> Size {
  return Size(params.test_samples, params.samples, product.rows);
}

fn row_of(product: Product, i: u32) -> Row {
  return Row(i, min(i, params.test_samples - 1));
}

fn column_of(product: Product, j: u32) -> Column {
  return Column(j, min(j, params.samples - 1));
}

fn term_of(product: Product, k: u32) -> Term {
  return Term((product.first + k) * product.samples, (product.first + k) * product.test_samples);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  if (product.inputs) {
    return test_X[term.test + row.at];
  }
  return test_sides[term.test + row.at];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  if (product.inputs) {
    return X[term.at + column.at];
  }
  return sides[term.at + column.at];
}

fn fold(total: Sum, below: Sum, above: Sum) -> Sum {
  if (TOP) {
    return total + below;
  }
  return total + below * above;
}

fn put(product: Product, row: Row, column: Column, total: Sum) {
  if (row.sample < params.test_samples && column.sample < params.samples) {
    let at = (product.run * params.test_samples + row.sample) * params.samples + column.sample;
    var sum = product.unit * total;
    if (TOP) {
      sum *= f32(params.outputs);
    }
    if (!FIRST) {
      sum += K[at];
    }
    K[at] = sum;
  }
}
