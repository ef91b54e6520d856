// Sums of a block, some terms a turn: carrying sums around a loop costs as much as products.

// use block

// At most four.
override TERMS: u32 = 1;

fn sums_of(product: Product, held: Held, columns: Columns) -> Block {
  let terms = size_of(product).terms;
  var sums = Block();
  var k = 0u;
  for (; k + TERMS <= terms; k += TERMS) {
    sums = plus_term(sums, product, held, columns, k);
    if (TERMS > 1) { sums = plus_term(sums, product, held, columns, k + 1); }
    if (TERMS > 2) { sums = plus_term(sums, product, held, columns, k + 2); }
    if (TERMS > 3) { sums = plus_term(sums, product, held, columns, k + 3); }
  }
  if (TERMS > 1) {
    for (; k < terms; k++) {
      sums = plus_term(sums, product, held, columns, k);
    }
  }
  return sums;
}
