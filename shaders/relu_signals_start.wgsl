// Signals back through one layer of ReLU networks at w(0):  B0 = 1[Z0 > 0] W0^T B0 above, B = 1 at the output
//
//   start [runs, parameters]: W0   base [runs, units, samples]: Z0   signals [runs, units, samples]: B0
//   TOP: the layer above is the output: W0^T B0 is W0.
//
// Bound with copies = 1. Sums run over the layer above in index order: |error| <= gamma(fan_out) |W0|^T |B0|, and what the errors
// of B0 above make of it.

// use activation
// use network
// use scalars
// use unseen
// use whole

override TOP: bool = false;

@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> start: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read_write> signals: array<f32>;

struct Product {
  weights: u32,
  // First entries of B0 above, and of Z0 and B0 below.
  above: u32,
  below: u32,
  // What a loop reads again and again is read once.
  fan_in: u32,
  samples: u32,
}

// A unit below: where its weights begin, and its place.
struct Row {
  W: u32,
  unit: u32,
}

// A sample.
alias Column = u32;

// A unit above: where its weights begin, and its B0.
struct Term {
  W: u32,
  B0: u32,
}

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  let rows = network.run * params.units;
  return Product(
    network.run * params.parameters + params.offset, (rows + params.above) * params.samples,
    (rows + params.below) * params.samples, params.fan_in, params.samples);
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_in, params.samples, params.fan_out);
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_in - 1);
  return Row(product.weights + unit, unit);
}

fn column_of(product: Product, j: u32) -> Column {
  return min(j, params.samples - 1);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(k * product.fan_in, product.above + k * product.samples);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return start[row.W + term.W];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  if (TOP) {
    return 1.0;
  }
  return signals[term.B0 + column];
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  let at = product.below + row.unit * params.samples + column;
  signals[at] = select(0.0, sum, is_active(base[at]));
}
