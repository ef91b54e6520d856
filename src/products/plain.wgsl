// One column (x) of ROWS rows (y), one after the other, an invocation: what the other skeletons must agree with.

// use size

override LANES: u32 = 64;

@compute @workgroup_size(LANES)
fn plain(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let product = product_of(group.z);
  let size = size_of(product);
  let j = group.x * LANES + lane;
  if (j >= size.columns) {
    return;
  }
  let column = column_of(product, j);
  for (var i = group.y * ROWS; i < min(size.rows, (group.y + 1) * ROWS); i++) {
    if (is_needed(product, i, i, j)) {
      let row = row_of(product, i);
      var sum = Sum();
      var seen = Seen();
      for (var k = 0u; k < size.terms; k++) {
        let term = term_of(product, k);
        let right = right_at(product, column, term);
        sum = add(product, sum, left_at(product, row, term), right);
        seen = see(seen, right);
      }
      put(product, row, column, sum);
      close(product, i, 1, column, seen);
    }
  }
}
