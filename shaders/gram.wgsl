// Weighted Gram matrices, one a run:  K[slot] = X diag(weights[run]) X^T
//
//   X transposed [data, inputs, samples]   weights [vectors, inputs]   K [slots, samples, samples]
//
// A slot is an entry of the tile table, counted from `first`: kernels are made a few runs at a time, so that memory
// does not grow with the number of runs. One triangle is computed, and its mirror image written.
// Sums run over inputs in index order: |error| <= gamma(inputs + 2) (|X| diag|weights| |X|^T).

// use sample
// use scalars
// use tile
// use triangle
// use unseen

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> K: array<f32>;

struct Product {
  slot: u32,
  // First entries of the data and of the weights.
  x: u32,
  weights: u32,
}

// An input: where its numbers begin, and its weight.
struct Term {
  x: u32,
  weight: f32,
}

fn product_of(slot: u32) -> Product {
  let tile = (params.first + slot) * TILE;
  let N = params.samples;
  return Product(slot, run_tiles[tile] * params.inputs * N, run_tiles[tile + 4] / params.channels * params.inputs);
}

fn size_of(product: Product) -> Size {
  return Size(params.samples, params.samples, params.inputs);
}

fn row_of(product: Product, i: u32) -> Row {
  return Row(i, product.x + min(i, params.samples - 1));
}

fn column_of(product: Product, j: u32) -> Column {
  return row_of(product, j);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(k * params.samples, weights[product.weights + k]);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return X[row.at + term.x] * term.weight;
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return X[column.at + term.x];
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  let N = params.samples;
  if (row.sample < N && column.sample <= row.sample) {
    K[(product.slot * N + row.sample) * N + column.sample] = sum;
    K[(product.slot * N + column.sample) * N + row.sample] = sum;
  }
}
