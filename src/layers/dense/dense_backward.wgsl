// Signals back through dense layers (src/layers/layer_backward.wgsl): a row of the product is a unit below, a column a sample, a term
// a unit above.

// use batch
// use dense
// use layer_backward

// A unit above.
struct Term {
  W: u32,
  above: u32,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_in, step.size, params.fan_out);
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_in - 1);
  return Row(product.weights + unit, product.base + unit * params.samples, product.below + unit * params.capacity);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(k * product.fan_in, product.above + k * product.capacity);
}

fn above_of(column: Column, term: Term) -> u32 {
  return column.j;
}
