// Products as predictor_products.wgsl has them, bit for bit, from the same bindings: where rows of X are whole fours and in order, so
// that a load finds and checks four numbers at once.

// use predictor

@group(0) @binding(4) var<storage, read> X: array<vec4f>;

fn rights_at(product: Product, column: Column, term: Term) -> FourRights {
  let four = X[(term.x + column.at) >> 2];
  return FourRights(four.x, four.y, four.z, four.w);
}
