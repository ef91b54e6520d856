// A layer's part of tangent kernels between test and training inputs, K [runs, test samples, samples]: rows are test samples, columns
// training samples, terms rows of numbers of both.   ADDS: K is added to; else it is written.

// use network
// use run_parameters
// use sample
// use scalars
// use unseen
// use whole

override ADDS: bool = false;

// Where a row's numbers begin among those of training and of test samples.
struct Term {
  at: u32,
  test: u32,
}

fn size_of(product: Product) -> Size {
  return Size(params.test_samples, params.samples, product.rows);
}

fn row_of(product: Product, i: u32) -> Row {
  return Row(i, min(i, params.test_samples - 1));
}

fn column_of(product: Product, j: u32) -> Column {
  return Column(j, min(j, params.samples - 1));
}

fn term_of(product: Product, k: u32) -> Term {
  return Term((product.first + k) * product.samples, (product.first + k) * product.test_samples);
}

// In the units that the run's kernels are stored over.
fn put(product: Product, row: Row, column: Column, total: Sum) {
  if (row.sample < params.test_samples && column.sample < params.samples) {
    let at = (product.run * params.test_samples + row.sample) * params.samples + column.sample;
    var sum = product.unit * total;
    if (ADDS) {
      sum += K[at];
    }
    K[at] = sum;
  }
}
