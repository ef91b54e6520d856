// Gradients of convolutions (src/layers/layer_gradient.wgsl): a row of the product is a channel above, a column a weight of its, a
// term a position of a sample.

// use conv
// use layer_gradient

// A weight: where its numbers begin, if the first position saw by it, its place among gradients, and in the window.
struct Column {
  base: u32,
  z: u32,
  i: u32,
  pixel: vec2u,
}

// Where signals of a channel above lie, what a window's corner sees, at w(0) and its change, dL/df, and the output.
struct Term {
  j: u32,
  sample: u32,
  z: u32,
  slope: u32,
  output: u32,
  corner: vec2u,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_out, params.fan_in, positions_above() * select(step.size, signals_of_unit(), START));
}

fn column_of(product: Product, j: u32) -> Column {
  let weight = min(j, params.fan_in - 1);
  let tap = tap_of(weight);
  let pixel = vec2u(tap.x, tap.y);
  let place = pixel_of(tap.channel, pixel);
  return Column(product.base + place * params.samples, product.z + place * params.capacity, weight, pixel);
}

fn term_of(product: Product, k: u32) -> Term {
  // Strips of positions beside each other, of samples in turn.
  let strip = k / params.width_above;
  let x = k - strip * params.width_above;
  let each = select(step.size, signals_of_unit(), START);
  let y = strip / each;
  let own = strip - y * each;
  let position = y * params.width_above + x;
  let corner = corner_at(x, y);
  let pixel = pixel_of(0, corner);
  let at = position * signals_of_row() + own;
  if (START) {
    let sample = own % params.samples;
    return Term(at, pixel * params.samples + sample, 0, own, own / params.samples, corner);
  }
  return Term(
    at, pixel * params.samples + sample_of(product.stream, own), pixel * params.capacity + own, own, 0, corner);
}

// Whether a term is a position of its strip.
fn counts(term: Term) -> bool {
  return STRIDED | (term.corner.x + params.padding < params.width_above);
}

// The position beside it, where windows move on by a pixel.
fn term_after(product: Product, term: Term) -> Term {
  return Term(
    term.j + signals_of_row(), term.sample + params.samples, term.z + params.capacity, term.slope, term.output,
    term.corner + vec2u(1, 0));
}

fn strip_of(product: Product) -> u32 {
  return params.width_above;
}

fn meet(column: Column, term: Term) -> bool {
  return is_pixel(term.corner + column.pixel);
}

fn slope_of(term: Term) -> u32 {
  return term.slope;
}

fn z_of(term: Term) -> u32 {
  return term.z;
}
