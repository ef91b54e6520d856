// What is put is the sum of one product.

fn total_of(product: Product, held: Held, columns: Columns) -> Block {
  return sums_of(product, held, columns);
}
