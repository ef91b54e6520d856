// Products of the rows of two matrices, forwards and back, for runs that share their data: what they are, and what bounds their error,
// stands in src/wgsl/predictor.wgsl.

// use predictor

@group(0) @binding(4) var<storage, read> X: array<f32>;

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return X[term.x + column.at];
}
