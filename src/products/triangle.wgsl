// Of a symmetric product only blocks that reach the diagonal or what is below it are needed.

fn is_needed(product: Product, first_row: u32, last_row: u32, first_column: u32) -> bool {
  return first_column <= last_row;
}
