// A block of ROWS rows (y) x 4 or 8 columns (x) that lie side by side in whole fours: a load finds and checks four numbers at once.
// Four neighbours trade rows, which are loaded one by one.
//
//   rights_at(product, column, term)     what is loaded of four columns from this one on, in place of right_at

// use traded_rows
// use turns

// A multiple of four.
override LANES: u32 = 4;

alias FourRights = array<Right, 4>;

fn plus_term(sums: Block, product: Product, held: Held, columns: Columns, k: u32) -> Block {
  let term = term_of(product, k);
  let lefts = lefts_of(product, held, term);
  let rights = rights_at(product, columns[0], term);
  var next = sums;
  next[0] = add_column(product, sums[0], lefts, rights[0]);
  next[C1] = add_column(product, sums[C1], lefts, rights[1]);
  next[C2] = add_column(product, sums[C2], lefts, rights[2]);
  next[C3] = add_column(product, sums[C3], lefts, rights[3]);
  if (COLUMNS > 4) {
    let more = rights_at(product, columns[C4], term);
    next[C4] = add_column(product, sums[C4], lefts, more[0]);
    next[C5] = add_column(product, sums[C5], lefts, more[1]);
    next[C6] = add_column(product, sums[C6], lefts, more[2]);
    next[C7] = add_column(product, sums[C7], lefts, more[3]);
  }
  return next;
}

@compute @workgroup_size(LANES)
fn fours(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let product = product_of(group.z);
  let i = group.y * ROWS;
  let first = group.x * LANES * COLUMNS;
  if (!is_inside(product, i, first)) {
    return;
  }
  let lane = invocation % 4;
  let j = first + COLUMNS * invocation;
  let columns = columns_from(product, j, 1);
  let total = total_of(product, own_rows(product, i + lane), columns);
  put_block(product, i, rows_from(product, i, lane), columns, j, 1, total);
}
