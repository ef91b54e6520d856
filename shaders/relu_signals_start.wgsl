// Signals back through one layer of ReLU networks at w(0), from each output:  B0 = 1[Z0 > 0] W0^T B0 above, B = 1 at the output
//
//   start [runs, parameters]: W0   base [runs, units, samples]: Z0   signals [runs, units, outputs, samples]: B0
//   TOP: the units above are outputs: W0^T B0 is a row of W0.
//
// Bound with copies = 1. Sums run over the layer above in index order: |error| <= gamma(fan_out) |W0|^T |B0|, and what the errors
// of B0 above make of it.

// use activation
// use network
// use output_columns
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
  base: u32,
  below: u32,
  // What a loop reads again and again is read once.
  fan_in: u32,
  signals: u32,
}

// A unit below: where its weights begin, and its place.
struct Row {
  W: u32,
  unit: u32,
}

// A unit above: where its weights begin, and its B0.
struct Term {
  k: u32,
  W: u32,
  B0: u32,
}

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  let rows = network.run * params.units;
  let signals = signals_of_unit();
  return Product(
    network.run * params.parameters + params.offset, (rows + params.above) * signals,
    (rows + params.below) * params.samples, (rows + params.below) * signals, params.fan_in, signals);
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_in, product.signals, params.fan_out);
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_in - 1);
  return Row(product.weights + unit, unit);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(k, k * product.fan_in, product.above + k * product.signals);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return start[row.W + term.W];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  if (TOP) {
    return f32(term.k == output_of_column(column));
  }
  return signals[term.B0 + column];
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  let before = base[product.base + row.unit * params.samples + sample_of_column(column)];
  signals[product.below + row.unit * product.signals + column] = select(0.0, sum, is_active(before));
}
