// Numbers of X, one by one.

@group(0) @binding(4) var<storage, read> X: array<f32>;

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return X[term.x + column.at];
}
