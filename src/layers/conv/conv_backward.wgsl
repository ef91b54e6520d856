// Signals back through convolutions (src/layers/layer_backward.wgsl): a row of the product is a channel below, a column a pixel of a
// sample, a term a channel above and a place of its window.

// use conv
// use layer_backward
// use minibatch

// Where its numbers are among those of a channel, its place in the batch, and the pixel with the zeros before it.
struct Column {
  base: u32,
  z: u32,
  own: u32,
  pixel: vec2u,
}

// Where the channel's weights and signals begin, and the place in the window.
struct Term {
  W: u32,
  above: u32,
  tap: vec2u,
}

// Pixels lie beside each other, samples of the batch between; a place of a window further on is the position before.
const MIRRORED = true;

fn stretch_of(product: Product) -> Stretch {
  return Stretch(params.width, step.size);
}

fn size_of(product: Product) -> Size {
  return Size(channels_below(), positions_below() * step.size, params.fan_out * params.window * params.window);
}

fn row_of(product: Product, i: u32) -> Row {
  let channel = min(i, channels_below() - 1);
  let first = channel * positions_below();
  return Row(
    product.weights + channel * params.window * params.window, product.base + first * params.samples,
    product.below + first * params.capacity);
}

fn column_of(product: Product, j: u32) -> Column {
  let place = min(j, positions_below() * step.size - 1);
  let position = place / step.size;
  let own = place - position * step.size;
  return Column(
    position * params.samples + sample_of(product.stream, own), position * params.capacity + own, own, padded(position));
}

// The pixel beside it.
fn column_after(product: Product, column: Column) -> Column {
  return Column(column.base + params.samples, column.z + params.capacity, column.own, column.pixel + vec2u(1, 0));
}

fn term_of(product: Product, k: u32) -> Term {
  // Of channels above in turn.
  let tap = tap_of(k);
  let place = tap.y * params.window + tap.x;
  return Term(
    tap.channel * product.fan_in + place, product.above + tap.channel * positions_above() * product.capacity,
    vec2u(tap.x, tap.y));
}

// The place beside it.
fn term_after(product: Product, term: Term) -> Term {
  return Term(term.W + 1, term.above, term.tap + vec2u(1, 0));
}

fn meet(column: Column, term: Term) -> bool {
  return reaches(column.pixel - term.tap);
}

fn above_of(column: Column, term: Term) -> u32 {
  return position_above(column.pixel - term.tap) * params.capacity + column.own;
}

fn base_below(column: Column) -> u32 {
  return column.base;
}

fn z_below(column: Column) -> u32 {
  return column.z;
}
