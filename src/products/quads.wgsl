// A block of ROWS rows (y) x 4 COLUMNS columns (x), which four neighbours own, who trade rows. That pays where a load costs far
// more than a product.

// use trades

// A multiple of four.
override LANES: u32 = 4;

@compute @workgroup_size(LANES)
fn quads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let product = product_of(group.z);
  let i = group.y * ROWS;
  let first = group.x * LANES * COLUMNS;
  if (!is_inside(product, i, first)) {
    return;
  }
  let lane = invocation % 4;
  let j = first + (invocation - lane) * COLUMNS + lane;
  let columns = columns_from(product, j, 4);
  let total = total_of(product, own_rows(product, i + lane), columns);
  put_block(product, i, rows_from(product, i, lane), columns, j, 4, total);
}
