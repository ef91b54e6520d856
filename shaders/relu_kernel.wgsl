// One layer's part of ReLU networks' tangent kernels, as the change since w(0):
//
//   K - K0 = sum over copies and layers of dG o (Q0 + dQ) + G0 o dQ
//   G and Q the Gram matrices of the activations in, H, and of the signals back, B, in the run's units;
//   dG = dH H^T + H0 dH^T,   dQ = dB B^T + B0 dB^T
//
//   X transposed [data, inputs, samples]   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ
//   signals [runs, units, outputs, samples]: B0   changes [runs, copies, units, outputs, samples]: dB (layer_signals.wgsl)
//   K [slots, samples, samples], of all outputs together, or with FULL [slots, outputs, samples, outputs, samples]: slot k is entry first + k of the tile table, so that memory does not grow with the
//   number of runs. FIRST: the layer below is the input, dG = 0, and K is written; else it is added to.
//   TOP: the units above are outputs, Q = 1 for each with itself.
//
// No Jacobian is formed, and nothing cancels. One triangle is computed and mirrored. Sums run over units in index
// order: relative to the sum of absolute terms, each Gram matrix is right to gamma(3 units + 3).

// use change
// use kernel_change
// use unseen

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;
@group(0) @binding(5) var<storage, read> signals: array<f32>;
@group(0) @binding(6) var<storage, read> changes: array<f32>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

fn left_at(product: Product, row: Row, term: Term) -> Left {
  let place = place_of(product, row.at);
  let at = term.start + place;
  if (product.side == ABOVE) {
    return vec2f(signals[at], changes[term.change + place]);
  }
  if (FIRST) {
    return vec2f(X[at], 0.0);
  }
  let moved = change_of(base[at], z[term.change + place]);
  return vec2f(moved.before, moved.moved);
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return left_at(product, column, term);
}
