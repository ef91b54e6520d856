// What columns of a matrix are, four entries at a time: it lies row after row, in whole fours.

// use numbers_fours

@group(0) @binding(4) var<storage, read_write> work: array<vec4f>;

fn rights_at(product: Product, column: Column, term: Term) -> FourRights {
  let four = work[(term.right + column.j) >> 2];
  return FourRights(four.x, four.y, four.z, four.w);
}
