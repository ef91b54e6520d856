// Blocks of 16 rows (y) x 16 columns (x), which four neighbours own, who trade rows. An invocation's rows lie side by side, and its
// columns, so that a load finds and checks four numbers at once:
//
//   four_at(product, row, term)     what is loaded of four rows, or columns, from this one on

// use block
// use trade
// use turns

// A multiple of four.
override LANES: u32 = 4;

// The first of the invocation's own rows.
alias Held = Row;

fn plus_term(sums: Block, product: Product, held: Held, columns: Columns, k: u32) -> Block {
  let term = term_of(product, k);
  let rows = four_at(product, held, term);
  let rights = four_at(product, columns[0], term);
  let lefts = Lefts(traded(rows[0]), traded(rows[1]), traded(rows[2]), traded(rows[3]));
  var next = sums;
  next[0] = add_column(product, sums[0], lefts, rights[0]);
  next[C1] = add_column(product, sums[C1], lefts, rights[1]);
  next[C2] = add_column(product, sums[C2], lefts, rights[2]);
  next[C3] = add_column(product, sums[C3], lefts, rights[3]);
  return next;
}

fn four_rows(product: Product, i: u32, lane: u32) -> FourRows {
  return FourRows(
    row_of(product, i + 4 * lane), row_of(product, i + 4 * (lane ^ 1)), row_of(product, i + 4 * (lane ^ 2)),
    row_of(product, i + 4 * (lane ^ 3)));
}

@compute @workgroup_size(LANES)
fn vectors(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let product = product_of(group.z);
  let i = group.y * ROWS;
  let first = group.x * LANES * COLUMNS;
  if (!is_inside(product, i, first)) {
    return;
  }
  let lane = invocation % 4;
  let j = first + 4 * invocation;
  let columns = columns_from(product, j, 1);
  let total = total_of(product, row_of(product, i + 4 * lane), columns);
  let rows = Rows(
    four_rows(product, i, lane), four_rows(product, i + 1, lane), four_rows(product, i + 2, lane),
    four_rows(product, i + 3, lane));
  put_block(product, i, rows, columns, j, 1, total);
}
