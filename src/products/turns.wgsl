// Sums of a block, some terms a turn: carrying sums around a loop costs as much as products.

// use block

// At most three.
override TERMS: u32 = 1;

fn sums_of(product: Product, held: Held, columns: Columns) -> Block {
  let terms = size_of(product).terms;
  var sums = Block();
  var k = 0u;
  if (TERMS == 2) {
    for (; k + 1 < terms; k += 2) {
      sums = plus_term(sums, product, held, columns, k);
      sums = plus_term(sums, product, held, columns, k + 1);
    }
  }
  if (TERMS == 3) {
    for (; k + 2 < terms; k += 3) {
      sums = plus_term(sums, product, held, columns, k);
      sums = plus_term(sums, product, held, columns, k + 1);
      sums = plus_term(sums, product, held, columns, k + 2);
    }
  }
  for (; k < terms; k++) {
    sums = plus_term(sums, product, held, columns, k);
  }
  return sums;
}
