// What is put is a sum of Hadamard products, entry by entry, of two products each, as one block after the other leaves them: such as
// a tangent kernel's Gram matrices of activations and of signals. Beside the hooks of
// block.wgsl, of which size, terms, left, right and sum may differ from factor to factor, a family says
//
//   parts_of(product)                     how many pairs of factors there are
//   below_of(product, part)               the product that a part's first factor is, and the second
//   above_of(product, part)
//   has_above()                           whether there is a second, or its entries are 1
//   fold(total, below, above)             what an entry of a part adds to the total, which is put as a sum

// use block

fn fold_four(total: FourSums, below: FourSums, above: FourSums) -> FourSums {
  var next = total;
  next[0] = fold(total[0], below[0], above[0]);
  if (ROWS > 1) {
    next[R1] = fold(total[R1], below[R1], above[R1]);
    next[R2] = fold(total[R2], below[R2], above[R2]);
    next[R3] = fold(total[R3], below[R3], above[R3]);
  }
  return next;
}

fn fold_column(total: Sums, below: Sums, above: Sums) -> Sums {
  var next = total;
  next.groups[0] = fold_four(total.groups[0], below.groups[0], above.groups[0]);
  if (ROWS > 4) { next.groups[G1] = fold_four(total.groups[G1], below.groups[G1], above.groups[G1]); }
  if (ROWS > 8) { next.groups[G2] = fold_four(total.groups[G2], below.groups[G2], above.groups[G2]); }
  if (ROWS > 12) { next.groups[G3] = fold_four(total.groups[G3], below.groups[G3], above.groups[G3]); }
  if (ROWS > 16) { next.groups[G4] = fold_four(total.groups[G4], below.groups[G4], above.groups[G4]); }
  return next;
}

fn fold_block(total: Block, below: Block, above: Block) -> Block {
  var next = total;
  next[0] = fold_column(total[0], below[0], above[0]);
  if (COLUMNS > 1) { next[C1] = fold_column(total[C1], below[C1], above[C1]); }
  if (COLUMNS > 2) { next[C2] = fold_column(total[C2], below[C2], above[C2]); }
  if (COLUMNS > 3) { next[C3] = fold_column(total[C3], below[C3], above[C3]); }
  if (COLUMNS > 4) { next[C4] = fold_column(total[C4], below[C4], above[C4]); }
  if (COLUMNS > 5) { next[C5] = fold_column(total[C5], below[C5], above[C5]); }
  if (COLUMNS > 6) { next[C6] = fold_column(total[C6], below[C6], above[C6]); }
  if (COLUMNS > 7) { next[C7] = fold_column(total[C7], below[C7], above[C7]); }
  if (COLUMNS > 8) { next[C8] = fold_column(total[C8], below[C8], above[C8]); }
  if (COLUMNS > 9) { next[C9] = fold_column(total[C9], below[C9], above[C9]); }
  return next;
}

fn total_of(product: Product, held: Held, columns: Columns) -> Block {
  var total = Block();
  for (var part = 0u; part < parts_of(product); part++) {
    let below = sums_of(below_of(product, part), held, columns);
    var above = Block();
    if (has_above()) {
      above = sums_of(above_of(product, part), held, columns);
    }
    total = fold_block(total, below, above);
  }
  return total;
}
