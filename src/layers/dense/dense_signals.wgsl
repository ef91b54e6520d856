// Changes of signals back through dense layers since w(0) (src/layers/layer_signals.wgsl): a row of the product is a unit below, a
// column a sample of an output, a term a unit above.

// use dense
// use layer_signals
// use output_columns

// A unit above.
struct Term {
  k: u32,
  weight: u32,
  start: u32,
  change: u32,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_in, product.signals, params.fan_out);
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_in - 1);
  return Row(product.state + unit, product.weights + unit, unit);
}

fn term_of(product: Product, k: u32) -> Term {
  let row = k * product.signals;
  return Term(k, k * product.fan_in, product.start + row, product.change + row);
}
