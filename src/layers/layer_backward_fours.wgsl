// Signals (src/layers/layer_backward.wgsl), four samples at a time, of layers whose columns meet every term.

@group(0) @binding(7) var<storage, read> signal: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> delta: array<vec4f>;

fn put_delta(place: u32, value: f32) {
  delta[place >> 2][place & 3] = value;
}

fn rights_at(product: Product, column: Column, term: Term) -> FourRights {
  let place = (term.above + above_of(column, term)) >> 2;
  if (TOP) {
    let four = product.sign * signal[place];
    return FourRights(four.x, four.y, four.z, four.w);
  }
  let four = delta[place];
  return FourRights(four.x, four.y, four.z, four.w);
}
