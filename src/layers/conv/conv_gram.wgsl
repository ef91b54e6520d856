// What weights of a convolution add to tangent kernels, from gradients of single samples (conv_tangents.wgsl), over a run's copies:
//
//   K0 = G0 G0^T   or with CHANGE   K - K0 = dG G0^T + G0 dG^T + dG dG^T
//
//   tangents [slots, copies, weights, outputs, samples]: G0 and dG
//   K [slots, samples, samples], of all outputs together, or with FULL [slots, outputs, samples, outputs, samples]
//   FIRST: K is written; else it is added to.
//
// One triangle is computed and mirrored. Sums run over weights in order, over outputs of each where these are summed:
// |error| <= gamma(3 weights outputs copies + 3) of the sum of absolute terms.

// use kernel_side
// use sample
// use triangle
// use unseen

override FIRST: bool = false;
override CHANGE: bool = false;

@group(0) @binding(1) var<storage, read> tangents: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> K: array<f32>;

struct Product {
  slot: u32,
  first: u32,
}

alias Term = u32;
alias Left = vec2f;
alias Right = vec2f;
alias Sum = f32;

fn product_of(slot: u32) -> Product {
  return Product(slot, slot * params.copies * params.weight_count * signals_of_unit());
}

fn size_of(product: Product) -> Size {
  return Size(side_of(), side_of(), params.copies * params.weight_count * select(params.outputs, 1u, FULL));
}

fn row_of(product: Product, i: u32) -> Row {
  return Row(i, product.first + min(i, side_of() - 1));
}

fn column_of(product: Product, j: u32) -> Column {
  return row_of(product, j);
}

fn term_of(product: Product, k: u32) -> Term {
  return k * side_of();
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return tangents[row.at + term];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  return tangents[column.at + term];
}

fn add(product: Product, sum: Sum, left: Left, right: Right) -> Sum {
  if (CHANGE) {
    return sum + (left.y * (right.x + right.y) + left.x * right.y);
  }
  return sum + left.x * right.x;
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  let N = side_of();
  let i = row.sample;
  let j = column.sample;
  if (i < N && j <= i) {
    var total = sum;
    if (!FIRST) {
      total += K[(product.slot * N + i) * N + j];
    }
    K[(product.slot * N + i) * N + j] = total;
    K[(product.slot * N + j) * N + i] = total;
  }
}
