// One layer's part of ReLU networks' tangent kernels at w(0):  K0 = sum over copies and layers of (H0 H0^T) o (B0 B0^T)
//
//   Gram matrices of the activations in and of the signals back, in the run's units; copies start alike.
//   X transposed [data, inputs, samples]   base [runs, units, samples]: Z0   signals [runs, units, outputs, samples]: B0
//   K [slots, samples, samples], of all outputs together, or with FULL [slots, outputs, samples, outputs, samples]: slot k is entry first + k of the tile table. FIRST: the layer below is the input, and K is
//   written; else it is added to. TOP: the units above are outputs, B = 1 from each to itself.
//
// No Jacobian is formed. One triangle is computed and mirrored. Sums run over units in index order: relative to the sum of
// absolute terms, each Gram matrix is right to gamma(units).

// use activation
// use kernel_start
// use unseen

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> signals: array<f32>;
@group(0) @binding(5) var<storage, read_write> K: array<f32>;

fn left_at(product: Product, row: Row, term: Term) -> Left {
  let place = place_of(product, row.at);
  let at = term.start + place;
  if (product.side == ABOVE) {
    return signals[at];
  }
  if (FIRST) {
    return X[at];
  }
  return activation(base[at]);
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return left_at(product, column, term);
}
