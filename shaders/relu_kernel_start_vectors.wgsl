// Tangent kernels at w(0) as relu_kernel_start.wgsl has them, bit for bit, from the same bindings: where samples come in whole
// fours, a load finds and checks four numbers at once, which a software adapter gains a third by.

// use activation
// use kernel_start
// use unseen

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<vec4f>;
@group(0) @binding(3) var<storage, read> base: array<vec4f>;
@group(0) @binding(4) var<storage, read> signals: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> K: array<f32>;

fn numbers_at(product: Product, place: u32) -> vec4f {
  if (product.side == ABOVE) {
    return signals[place];
  }
  if (FIRST) {
    return X[place];
  }
  return activation4(base[place]);
}

fn four_at(product: Product, row: Row, term: Term) -> FourLefts {
  let four = numbers_at(product, (term.start + place_of(product, min(row.at, side_of() - 4))) >> 2);
  return FourLefts(four.x, four.y, four.z, four.w);
}
