// Convolutions above the first layer, as their change since w(0) (src/layers/layer_forward.wgsl): a row of the product is a channel
// above, a column a position of a sample, a term a weight.

// use conv
// use conv_stretch
// use layer_forward
// use minibatch

// Where its numbers are among those of a channel below, if its window's corner were the first pixel, and of a channel above.
struct Column {
  base: u32,
  z: u32,
  base_above: u32,
  z_above: u32,
  corner: vec2u,
}

// A weight: the pixel that the first position would see by it.
struct Term {
  k: u32,
  base: u32,
  z: u32,
  pixel: vec2u,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_out, positions_above() * step.size, params.fan_in);
}

fn column_of(product: Product, j: u32) -> Column {
  let place = min(j, positions_above() * step.size - 1);
  let position = place / step.size;
  let own = place - position * step.size;
  let sample = sample_of(product.stream, own);
  let corner = corner_of(position);
  let pixel = pixel_of(0, corner);
  return Column(
    pixel * product.samples + sample, pixel * product.capacity + own, position * product.samples + sample,
    position * product.capacity + own, corner);
}

// The position beside it.
fn column_after(product: Product, column: Column) -> Column {
  return Column(
    column.base + product.samples, column.z + product.capacity, column.base_above + product.samples,
    column.z_above + product.capacity, column.corner + vec2u(1, 0));
}

fn term_of(product: Product, k: u32) -> Term {
  let tap = tap_of(k);
  let pixel = vec2u(tap.x, tap.y);
  let place = pixel_of(tap.channel, pixel);
  return Term(k, product.base + place * product.samples, product.z + place * product.capacity, pixel);
}

// The place beside it.
fn term_after(product: Product, term: Term) -> Term {
  return Term(term.k + 1, term.base + product.samples, term.z + product.capacity, term.pixel + vec2u(1, 0));
}

fn meet(column: Column, term: Term) -> bool {
  return is_pixel(column.corner + term.pixel);
}

fn base_below(column: Column) -> u32 {
  return column.base;
}

fn z_below(column: Column) -> u32 {
  return column.z;
}

fn base_above(column: Column) -> u32 {
  return column.base_above;
}

fn z_above(column: Column) -> u32 {
  return column.z_above;
}
