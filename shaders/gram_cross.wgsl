// Weighted Gram matrices between test and training inputs, one a run:  K[run] = X' diag(w[run]) X^T, ' of the test inputs
//
//   w = (start + k^2 change) unit: weights of a tangent kernel in its own units   k = `displacement`
//   X, test_X transposed [data, inputs, samples]   start, change [runs, inputs]   K [runs, test samples, samples]
//
// Sums run over inputs in index order: |error| <= gamma(inputs + 6) (|X'| (|start| + k^2 |change|) unit |X|^T).

// use run_parameters
// use sample
// use scalars
// use tile
// use unseen
// use whole

struct Params {
  samples: u32,
  test_samples: u32,
  inputs: u32,
  channels: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> test_X: array<f32>;
@group(0) @binding(4) var<storage, read> start: array<f32>;
@group(0) @binding(5) var<storage, read> change: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

struct Product {
  run: u32,
  // The first input's row of the data.
  inputs: u32,
  k2: f32,
  unit: f32,
}

// An input: its weight, and where its numbers begin in rows of training and of test samples.
struct Term {
  weight: f32,
  x: u32,
  test: u32,
}

fn product_of(entry: u32) -> Product {
  let tile = entry * TILE;
  let run = run_tiles[tile + 4] / params.channels;
  let own = runs[run];
  return Product(run, run_tiles[tile] * params.inputs, own.displacement * own.displacement, own.kernel_unit);
}

fn size_of(product: Product) -> Size {
  return Size(params.test_samples, params.samples, params.inputs);
}

fn row_of(product: Product, i: u32) -> Row {
  return Row(i, min(i, params.test_samples - 1));
}

fn column_of(product: Product, j: u32) -> Column {
  return Column(j, min(j, params.samples - 1));
}

fn term_of(product: Product, k: u32) -> Term {
  let at = product.run * params.inputs + k;
  let row = product.inputs + k;
  return Term(start[at] + product.k2 * change[at], row * params.samples, row * params.test_samples);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return test_X[term.test + row.at];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return term.weight * X[term.x + column.at];
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  if (row.sample < params.test_samples && column.sample < params.samples) {
    K[(product.run * params.test_samples + row.sample) * params.samples + column.sample] = product.unit * sum;
  }
}
