// Products of the rows of two matrices, forwards and back, for runs that share their data:
//
//   forwards  r[row, j] = X[order[j]] . beta[row] - y[order[j]]             rows: beta [rows, inputs]
//             X transposed [data, inputs, stride]   y [targets, samples]   products: r [rows, capacity]
//   BACK      products[row, i] = sum over samples j of the batch of X[order[j], i] signal[row, j]
//             X [data, samples, stride]   rows: signal [rows, capacity]     products [rows, inputs]
//
// A row is one channel of one run: channel 0 is the predictor, whose targets are subtracted; channel 1, there when the
// linearized twin is trained too, is the predictor of f - fbar, which has no targets. A product's rows are those of a tile.
//
// Sums run over inputs, or BACK over the batch, in order, in every skeleton:
// |error| <= gamma(terms + 1) (|X| |rows| + |y|), gamma(k) = k u / (1 - k u), u = 2^-24.

// use minibatch
// use scalars
// use size
// use unseen
// use whole

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of r or signal has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
  // Rows that a tile has room for.
  room: u32,
  // Numbers from one row of X to the next.
  stride: u32,
}

override BACK: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
// Tiles: data, targets, shuffle stream, rows in use, then `room` rows (the unused ones repeat the last).
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> rows: array<f32>;
@group(0) @binding(7) var<storage, read_write> products: array<f32>;

struct Product {
  tile: u32,
  data: u32,
  targets: u32,
  stream: u32,
}

// Where a row's terms begin, and its products; and whether it has targets.
struct Row {
  start: u32,
  out: u32,
  has_targets: bool,
}

// A sample, or BACK an input: where its entry of X lies beside a term's, and its place in a row of products.
struct Column {
  at: u32,
  place: u32,
}

struct Term {
  x: u32,
  k: u32,
}

fn product_of(entry: u32) -> Product {
  let tile = entry * (4 + params.room);
  let length = select(params.inputs, params.samples, BACK);
  return Product(tile, tiles[tile] * length * params.stride, tiles[tile + 1] * params.samples, tiles[tile + 2]);
}

fn size_of(product: Product) -> Size {
  if (BACK) {
    return Size(tiles[product.tile + 3], params.inputs, step.size);
  }
  return Size(tiles[product.tile + 3], step.size, params.inputs);
}

// Rows past the last in use repeat it: they write the same value again.
fn row_of(product: Product, i: u32) -> Row {
  let row = tiles[product.tile + 4 + min(i, params.room - 1)];
  if (BACK) {
    return Row(row * params.capacity, row * params.inputs, false);
  }
  return Row(row * params.inputs, row * params.capacity, row % params.channels == 0);
}

fn column_of(product: Product, j: u32) -> Column {
  if (BACK) {
    return Column(min(j, params.inputs - 1), j);
  }
  return Column(sample_of(product.stream, j), j);
}

fn term_of(product: Product, k: u32) -> Term {
  if (BACK) {
    return Term(product.data + sample_of(product.stream, k) * params.stride, k);
  }
  return Term(product.data + k * params.stride, k);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return rows[row.start + term.k];
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  var value = sum;
  if (row.has_targets) {
    value -= y[product.targets + column.at];
  }
  products[row.out + column.place] = value;
}
