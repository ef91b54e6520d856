// Sums of a block that four neighbours own, who trade rows: COLUMNS + ROWS / 4 loads feed COLUMNS ROWS products.

// use term
// use traded_rows
// use turns

fn plus_term(sums: Block, product: Product, held: Held, columns: Columns, k: u32) -> Block {
  let term = term_of(product, k);
  return with_term(sums, product, columns, lefts_of(product, held, term), term);
}
