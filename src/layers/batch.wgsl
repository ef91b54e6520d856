// Columns of a product that are the samples of a batch.

// use minibatch

// A sample's places in the batch and in the data.
struct Column {
  j: u32,
  sample: u32,
}

fn column_of(product: Product, j: u32) -> Column {
  return Column(min(j, step.size - 1), sample_of(product.stream, j));
}

fn base_below(column: Column) -> u32 {
  return column.sample;
}

fn z_below(column: Column) -> u32 {
  return column.j;
}
