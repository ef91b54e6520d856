// Dense layers above the first, as their change since w(0) (src/layers/layer_forward.wgsl): a row of the product is a unit above, a
// column a sample, a term a unit below.

// use batch
// use dense
// use layer_forward

// A unit below.
struct Term {
  k: u32,
  base: u32,
  z: u32,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_out, step.size, params.fan_in);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(k, product.base + k * product.samples, product.z + k * product.capacity);
}

fn base_above(column: Column) -> u32 {
  return column.sample;
}

fn z_above(column: Column) -> u32 {
  return column.j;
}
