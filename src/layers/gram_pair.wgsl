// Two Gram matrices of one layer of networks, of what comes in and of what comes back, multiplied entry by entry, over a run's
// copies; a symmetric matrix a slot, of which one triangle is made. Its rows and columns are samples, signals back being summed
// over outputs; FULL: samples of each output in turn.

// use kernel_side
// use network
// use sample
// use triangle

override FIRST: bool = false;
override TOP: bool = false;
// Above the first layer, where no layer below adds to the kernel: it is written.
override ALONE: bool = false;

const BELOW = 0u;
const ABOVE = 1u;

struct Product {
  slot: u32,
  side: u32,
  // Where numbers at w(0) begin, and their changes; rows of a sample each.
  start: u32,
  change: u32,
  rows: u32,
  samples: u32,
}

// A unit: where its numbers begin.
struct Term {
  start: u32,
  change: u32,
}

fn product_of(slot: u32) -> Product {
  return Product(slot, BELOW, 0, 0, 0, params.samples);
}

fn below_of(product: Product, copy: u32) -> Product {
  let network = network_of(params.first + product.slot, copy);
  let N = params.samples;
  let start = (network.run * params.units + params.below) * N;
  return Product(
    product.slot, BELOW, select(start, inputs_of(network), FIRST), (network.own * params.units + params.below) * N,
    params.fan_in, N);
}

fn above_of(product: Product, copy: u32) -> Product {
  let network = network_of(params.first + product.slot, copy);
  let signals = signals_of_unit();
  let start = (network.run * params.units + params.above) * signals;
  let change = (network.own * params.units + params.above) * signals;
  // Summed over outputs, a unit's signals from each are as many units' one.
  if (FULL) {
    return Product(product.slot, ABOVE, start, change, params.fan_out, signals);
  }
  return Product(product.slot, ABOVE, start, change, params.fan_out * params.outputs, params.samples);
}

fn parts_of(product: Product) -> u32 {
  return params.copies;
}

fn has_above() -> bool {
  return !TOP;
}

fn size_of(product: Product) -> Size {
  return Size(side_of(), side_of(), product.rows);
}

fn row_of(product: Product, i: u32) -> Row {
  return Row(i, min(i, side_of() - 1));
}

// What comes in is the same for all outputs.
fn place_of(product: Product, at: u32) -> u32 {
  if (FULL && product.side == BELOW) {
    return at % product.samples;
  }
  return at;
}

fn column_of(product: Product, j: u32) -> Column {
  return row_of(product, j);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(product.start + k * product.samples, product.change + k * product.samples);
}

// Where the units above are outputs, each has a signal back of 1 from itself: parts of sums that is made of one.
fn outputs_of(i: u32, j: u32) -> f32 {
  if (FULL) {
    return f32(i / params.samples == j / params.samples);
  }
  return f32(params.outputs);
}

// Adds an entry to the kernel and to its mirror image.
fn put(product: Product, row: Row, column: Column, total: Sum) {
  let N = side_of();
  let i = row.sample;
  let j = column.sample;
  if (i < N && j <= i) {
    var sum = value_of(total);
    if (TOP) {
      sum *= outputs_of(i, j);
    }
    if (!FIRST && !ALONE) {
      sum += K[(product.slot * N + i) * N + j];
    }
    K[(product.slot * N + i) * N + j] = sum;
    K[(product.slot * N + j) * N + i] = sum;
  }
}
