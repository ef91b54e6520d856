// A layer's part of a tangent kernel, from the sums of the two Gram matrices' products.

// use gram_pair
// use scalars

fn fold(total: Sum, below: Sum, above: Sum) -> Sum {
  if (TOP) {
    return total + below;
  }
  return total + below * above;
}

fn value_of(total: Sum) -> f32 {
  return total;
}
