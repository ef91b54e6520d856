// What weights of a convolution add to tangent kernels between test and training inputs, from gradients of single samples
// (conv_tangents.wgsl), over a run's copies:
//
//   K = u G' G^T, ' of the test inputs, u = kernel_unit
//
//   tangents, test_tangents [entries, copies, weights, outputs, samples]: G in the first of two numbers, of `weight_count` weights
//   K [runs, test samples, samples]   ADDS: K is added to; else it is written.
//
// Sums run over weights in order, over outputs of each: |error| <= gamma(weights outputs copies + 2) of the sum of absolute terms.

// use cross_kernel

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> tangents: array<vec2f>;
@group(0) @binding(3) var<storage, read> test_tangents: array<vec2f>;
@group(0) @binding(4) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(5) var<storage, read_write> K: array<f32>;

struct Product {
  run: u32,
  unit: f32,
  // The first gradient, and how many.
  first: u32,
  rows: u32,
  samples: u32,
  test_samples: u32,
}

fn product_of(entry: u32) -> Product {
  let run = network_of(entry, 0).run;
  let rows = params.copies * params.weight_count * params.outputs;
  return Product(run, runs[run].kernel_unit, entry * rows, rows, params.samples, params.test_samples);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return test_tangents[term.test + row.at].x;
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return tangents[term.at + column.at].x;
}
