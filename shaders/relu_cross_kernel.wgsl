// One layer's part of ReLU networks' tangent kernels between test and training inputs:
//
//   K = u sum over copies and layers of (H' H^T) o (B' B^T), ' of the test inputs, u = kernel_unit: no Jacobian is formed
//
//   incoming, test_incoming: H [runs, copies, units, samples] (relu_activations.wgsl), or with FIRST the input itself, transposed
//   [data, inputs, samples]   signals, test_signals [runs, copies, units, outputs, samples]: B, whose products are summed over outputs
//   K [runs, test samples, samples]
//   FIRST: the layer below is the input. ADDS: K is added to; else it is written. TOP: the units above are outputs, B = 1 from each to itself.
//
// Sums run over units in index order: relative to the sum of absolute terms, each Gram matrix is right to gamma(units).

// use cross_kernel

override FIRST: bool = false;
override TOP: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> incoming: array<f32>;
@group(0) @binding(3) var<storage, read> test_incoming: array<f32>;
@group(0) @binding(4) var<storage, read> signals: array<f32>;
@group(0) @binding(5) var<storage, read> test_signals: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

struct Product {
  entry: u32,
  run: u32,
  unit: f32,
  // Whether the rows are those of what comes in; the first of them, and how many.
  is_below: bool,
  first: u32,
  rows: u32,
  samples: u32,
  test_samples: u32,
}

fn product_of(entry: u32) -> Product {
  let run = network_of(entry, 0).run;
  return Product(entry, run, runs[run].kernel_unit, true, 0, 0, params.samples, params.test_samples);
}

fn below_of(product: Product, copy: u32) -> Product {
  let network = network_of(product.entry, copy);
  var below = product;
  below.is_below = true;
  below.first = select(network.own * params.units + params.below, run_tiles[network.tile] * params.inputs, FIRST);
  below.rows = params.fan_in;
  return below;
}

fn above_of(product: Product, copy: u32) -> Product {
  let network = network_of(product.entry, copy);
  var above = product;
  above.is_below = false;
  above.first = (network.own * params.units + params.above) * params.outputs;
  above.rows = params.fan_out * params.outputs;
  return above;
}

fn parts_of(product: Product) -> u32 {
  return params.copies;
}

fn has_above() -> bool {
  return !TOP;
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  if (product.is_below) {
    return test_incoming[term.test + row.at];
  }
  return test_signals[term.test + row.at];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  if (product.is_below) {
    return incoming[term.at + column.at];
  }
  return signals[term.at + column.at];
}

fn fold(total: Sum, below: Sum, above: Sum) -> Sum {
  if (TOP) {
    return total + f32(params.outputs) * below;
  }
  return total + below * above;
}
