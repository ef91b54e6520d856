// use layer

// Columns of a product that are the samples of each output in turn.

struct Column {
  at: u32,
  sample: u32,
  output: u32,
}

fn column_of(product: Product, j: u32) -> Column {
  let at = min(j, params.outputs * params.samples - 1);
  return Column(at, at % params.samples, at / params.samples);
}
