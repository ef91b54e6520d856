// Sums of Hadamard products in blocks of ROWS rows (y) x COLUMNS columns (x), LANES apart, as tiled.wgsl has them.

// use fold
// use rows

override LANES: u32 = 4;

@compute @workgroup_size(LANES)
fn hadamard_tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let product = product_of(group.z);
  let size = size_of(product);
  let i = group.y * ROWS;
  let first = group.x * COLUMNS * LANES;
  if (i >= size.rows || first >= size.columns || !is_needed(product, i, i + ROWS - 1, first)) {
    return;
  }
  let j = first + lane;
  let rows = rows_from(product, i);
  let columns = columns_from(product, j, LANES);
  var total = Block();
  for (var part = 0u; part < parts_of(product); part++) {
    let below = sums_of(below_of(product, part), rows, columns, 0, 1);
    var above = Block();
    if (has_above()) {
      above = sums_of(above_of(product, part), rows, columns, 0, 1);
    }
    total = fold_block(total, below, above);
  }
  put_block(product, i, rows, columns, max(j, size.columns) - j, LANES, total);
}
