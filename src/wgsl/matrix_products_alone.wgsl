// What columns of a matrix are, entry by entry.

// use numbers_alone

@group(0) @binding(4) var<storage, read_write> work: array<f32>;

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return work[term.right + column.j * product.right_across];
}
