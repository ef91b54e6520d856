// One column (x) of ROWS rows (y) of a sum of Hadamard products, one after the other, an invocation.

// use size

override LANES: u32 = 64;

fn sum_of(product: Product, row: Row, column: Column) -> Sum {
  let terms = size_of(product).terms;
  var sum = Sum();
  for (var k = 0u; k < terms; k++) {
    let term = term_of(product, k);
    sum = add(product, sum, left_at(product, row, term), right_at(product, column, term));
  }
  return sum;
}

@compute @workgroup_size(LANES)
fn hadamard_plain(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
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
      var total = Sum();
      for (var part = 0u; part < parts_of(product); part++) {
        let below = sum_of(below_of(product, part), row, column);
        var above = Sum();
        if (has_above()) {
          above = sum_of(above_of(product, part), row, column);
        }
        total = fold(total, below, above);
      }
      put(product, row, column, total);
      close(product, i, 1, column, Seen());
    }
  }
}
