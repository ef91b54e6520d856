// Signals back through dense layers at w(0) (src/layers/layer_signals_start.wgsl): a row of the product is a unit below, a column a
// sample of an output, a term a unit above.

// use dense
// use layer_signals_start
// use output_columns

// A unit above: where its weights begin, and its B0.
struct Term {
  k: u32,
  W: u32,
  B0: u32,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_in, product.signals, params.fan_out);
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_in - 1);
  return Row(product.weights + unit, unit);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(k, k * product.fan_in, product.above + k * product.signals);
}
