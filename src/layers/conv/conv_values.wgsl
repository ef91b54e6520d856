// Values that convolutions make of what comes in (src/layers/layer_values.wgsl): a row of the product is a channel above, a column a
// position of a sample, a term a weight.

// use conv
// use conv_stretch
// use layer_values

// Where its numbers are among those of a channel below, if its window's corner were the first pixel, and in a row of z.
struct Column {
  h: u32,
  j: u32,
  corner: vec2u,
}

// A weight: the pixel that the first position would see by it.
struct Term {
  k: u32,
  h: u32,
  pixel: vec2u,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_out, positions_above() * step.size, params.fan_in);
}

fn column_of(product: Product, j: u32) -> Column {
  let place = min(j, positions_above() * step.size - 1);
  let position = place / step.size;
  let own = place - position * step.size;
  let corner = corner_of(position);
  let sample = select(own, sample_of(product.stream, own), FIRST);
  return Column(pixel_of(0, corner) * product.apart + sample, position * params.capacity + own, corner);
}

// The position beside it.
fn column_after(product: Product, column: Column) -> Column {
  return Column(column.h + product.apart, column.j + params.capacity, column.corner + vec2u(1, 0));
}

fn term_of(product: Product, k: u32) -> Term {
  let tap = tap_of(k);
  let pixel = vec2u(tap.x, tap.y);
  return Term(k, product.below + pixel_of(tap.channel, pixel) * product.apart, pixel);
}

// The place beside it.
fn term_after(product: Product, term: Term) -> Term {
  return Term(term.k + 1, term.h + product.apart, term.pixel + vec2u(1, 0));
}

fn meet(column: Column, term: Term) -> bool {
  return is_pixel(column.corner + term.pixel);
}
