// Gradients of dense layers (src/layers/layer_gradient.wgsl): a row of the product is a unit above, a column a unit below, a term a
// sample.

// use dense
// use layer_gradient

// A unit below: where its X or Z0 begins, its dZ, and its place among gradients.
struct Column {
  base: u32,
  z: u32,
  i: u32,
}

// A sample: its places in the batch and in the data; with START, of an output.
struct Term {
  j: u32,
  sample: u32,
  output: u32,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_out, params.fan_in, select(step.size, signals_of_unit(), START));
}

fn column_of(product: Product, j: u32) -> Column {
  let unit = min(j, params.fan_in - 1);
  return Column(product.base + unit * params.samples, product.z + unit * params.capacity, unit);
}

fn term_of(product: Product, k: u32) -> Term {
  if (START) {
    return Term(k, k % params.samples, k / params.samples);
  }
  return Term(k, sample_of(product.stream, k), 0);
}

// Every term is a sample.
fn counts(term: Term) -> bool {
  return true;
}

fn slope_of(term: Term) -> u32 {
  return term.j;
}

fn z_of(term: Term) -> u32 {
  return term.j;
}
