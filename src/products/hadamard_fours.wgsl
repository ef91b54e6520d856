// Sums of Hadamard products in blocks of 16 rows (y) x 16 columns (x), which four neighbours own, who trade rows. An invocation's
// rows lie side by side, and its columns, so that a load finds and checks four numbers at once:
//
//   four_at(product, row, term)     what is loaded of four rows, or columns, from this one on

// use block
// use fold
// use trade

// A multiple of four.
override LANES: u32 = 4;
// Terms a turn, at most three: carrying sums around a loop costs as much as products.
override TERMS: u32 = 1;

fn plus_term(held: Block, product: Product, own: Row, columns: Column, k: u32) -> Block {
  let term = term_of(product, k);
  let rows = four_at(product, own, term);
  let rights = four_at(product, columns, term);
  let lefts = Lefts(traded(rows[0]), traded(rows[1]), traded(rows[2]), traded(rows[3]));
  var next = held;
  next[0] = add_column(product, held[0], lefts, rights[0]);
  next[C1] = add_column(product, held[C1], lefts, rights[1]);
  next[C2] = add_column(product, held[C2], lefts, rights[2]);
  next[C3] = add_column(product, held[C3], lefts, rights[3]);
  return next;
}

fn sums_of(product: Product, own: Row, columns: Column) -> Block {
  let terms = size_of(product).terms;
  var held = Block();
  var k = 0u;
  if (TERMS == 2) {
    for (; k + 1 < terms; k += 2) {
      held = plus_term(held, product, own, columns, k);
      held = plus_term(held, product, own, columns, k + 1);
    }
  }
  if (TERMS == 3) {
    for (; k + 2 < terms; k += 3) {
      held = plus_term(held, product, own, columns, k);
      held = plus_term(held, product, own, columns, k + 1);
      held = plus_term(held, product, own, columns, k + 2);
    }
  }
  for (; k < terms; k++) {
    held = plus_term(held, product, own, columns, k);
  }
  return held;
}

fn four_rows(product: Product, i: u32, lane: u32) -> FourRows {
  return FourRows(
    row_of(product, i + 4 * lane), row_of(product, i + 4 * (lane ^ 1)), row_of(product, i + 4 * (lane ^ 2)),
    row_of(product, i + 4 * (lane ^ 3)));
}

@compute @workgroup_size(LANES)
fn hadamard_fours(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let product = product_of(group.z);
  let size = size_of(product);
  let i = group.y * 16;
  let first = group.x * LANES * 4;
  if (i >= size.rows || first >= size.columns || !is_needed(product, i, i + 15, first)) {
    return;
  }
  let lane = invocation % 4;
  let j = first + 4 * invocation;
  let own = row_of(product, i + 4 * lane);
  let column = column_of(product, j);
  var total = Block();
  for (var part = 0u; part < parts_of(product); part++) {
    let below = sums_of(below_of(product, part), own, column);
    var above = Block();
    if (has_above()) {
      above = sums_of(above_of(product, part), own, column);
    }
    total = fold_block(total, below, above);
  }
  let rows = Rows(
    four_rows(product, i, lane), four_rows(product, i + 1, lane), four_rows(product, i + 2, lane),
    four_rows(product, i + 3, lane));
  put_block(product, i, rows, columns_from(product, j, 1), max(j, size.columns) - j, 1, total);
}
