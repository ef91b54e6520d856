// Every block of a product is needed.

fn is_needed(product: Product, first_row: u32, last_row: u32, first_column: u32) -> bool {
  return true;
}
