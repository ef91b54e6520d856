// The change of a layer's part of a tangent kernel, from the sums of the two Gram matrices' products and of their changes.

// use gram_pair

// An activation or a signal back at w(0), and its change since; sums of their products, and their changes.
alias Left = vec2f;
alias Right = vec2f;
alias Sum = vec2f;

fn add(product: Product, sum: Sum, left: Left, right: Right) -> Sum {
  let start = sum.x + left.x * right.x;
  if (FIRST && product.side == BELOW) {
    return vec2f(start, 0.0);
  }
  return vec2f(start, sum.y + (left.y * (right.x + right.y) + left.x * right.y));
}

fn fold(total: Sum, below: Sum, above: Sum) -> Sum {
  if (TOP) {
    return vec2f(total.x + below.y, 0.0);
  }
  return vec2f(total.x + (below.y * (above.x + above.y) + below.x * above.y), 0.0);
}

fn value_of(total: Sum) -> f32 {
  return total.x;
}
