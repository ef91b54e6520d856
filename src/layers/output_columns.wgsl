// use layer

// Columns of a product that are the samples of each output in turn. Only its place is held: the rest is found where it is needed.
alias Column = u32;

fn column_of(product: Product, j: u32) -> Column {
  return min(j, signals_of_unit() - 1);
}

fn base_below(column: Column) -> u32 {
  return column % params.samples;
}

fn output_of(column: Column) -> u32 {
  return column / params.samples;
}

fn signal_below(column: Column) -> u32 {
  return column;
}

fn above_of(column: Column, term: Term) -> u32 {
  return column;
}
