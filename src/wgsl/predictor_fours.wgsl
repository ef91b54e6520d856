// Numbers of X, four at a time: its rows are whole fours, and columns lie in order.

@group(0) @binding(4) var<storage, read> X: array<vec4f>;

fn rights_at(product: Product, column: Column, term: Term) -> FourRights {
  let four = X[(term.x + column.at) >> 2];
  return FourRights(four.x, four.y, four.z, four.w);
}
