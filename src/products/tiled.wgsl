// A block of ROWS rows (y) x COLUMNS columns (x), LANES apart so that neighbours load neighbours, in an invocation's registers:
// ROWS + COLUMNS loads feed ROWS COLUMNS products, which pays where a load costs more than a product.

// use rows

override LANES: u32 = 4;

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let product = product_of(group.z);
  let i = group.y * ROWS;
  let first = group.x * COLUMNS * LANES;
  if (!is_inside(product, i, first)) {
    return;
  }
  let j = first + lane;
  let rows = rows_from(product, i);
  let columns = columns_from(product, j, LANES);
  put_block(product, i, rows, columns, j, LANES, total_of(product, rows, columns));
}
