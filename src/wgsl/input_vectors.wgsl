// Inputs of a sample in vectors of four, for four neighbours who all want them: each loads one, and they trade. A shader says how
// many inputs there are, `inputs_count()`, and binds `X`.

enable subgroups;

// Inputs 4 vector .. 4 vector + 3 of the sample whose inputs begin at `at`.
fn inputs_of(at: u32, vector: u32, lane: u32) -> vec4f {
  let i = 4 * vector + (lane & 3);
  let last = inputs_count() - 1;
  let own = select(X[at + min(i, last)], 0.0, i > last);
  let traded = vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
  let pairs = select(traded, traded.yxwz, (lane & 1) != 0);
  return select(pairs, pairs.zwxy, (lane & 2) != 0);
}

// sum + x.y, in index order.
fn plus_products(sum: f32, x: vec4f, y: vec4f) -> f32 {
  return sum + x.x * y.x + x.y * y.y + x.z * y.z + x.w * y.w;
}
