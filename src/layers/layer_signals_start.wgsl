// Signals back through a layer of weights at w(0), from each output:  B0 = 1[Z0 > 0] W0^T B0 above, B = 1 at the output
//
//   start [runs, copies, parameters]: W0   base [runs, copies, units, samples]: Z0   signals [runs, copies, units, outputs, samples]: B0
//   TOP: the units above are outputs: W0^T B0 is a row of W0.
//
// At w(0) bound with copies = 1: they start alike. Of weights as they are now, and what these make of the samples, B is found alike. Sums
// run over the layer above in index order: |error| <= gamma(fan_out) |W0|^T |B0|, and what the errors of B0 above make of it.

// use activation
// use network
// use scalars
// use unseen
// use whole

override TOP: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
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

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  let rows = network.own * params.units;
  let signals = signals_of_unit();
  return Product(
    network.own * params.parameters + params.offset, (rows + params.above) * signals,
    (rows + params.below) * params.samples, (rows + params.below) * signals, params.fan_in, signals);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return start[row.W + term.W];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  let met = meet(column, term);
  if (TOP) {
    return f32(met & (term.k == output_of(column)));
  }
  return select(0.0, signals[term.B0 + above_of(column, term)], met);
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  let unit = row.unit * positions_below();
  let before = base[product.base + unit * params.samples + base_below(column)];
  signals[product.below + unit * product.signals + signal_below(column)] = select(0.0, sum, is_active(before));
}
