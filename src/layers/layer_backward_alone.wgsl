// Signals (src/layers/layer_backward.wgsl), number by number.

@group(0) @binding(7) var<storage, read> signal: array<f32>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;

fn put_delta(place: u32, value: f32) {
  delta[place] = value;
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  let place = term.above + above_of(column, term);
  if (TOP) {
    return select(0.0, product.sign * signal[place], meet(column, term));
  }
  return select(0.0, delta[place], meet(column, term));
}
