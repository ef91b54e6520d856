// Values that dense layers make of what comes in (src/layers/layer_values.wgsl): a row of the product is a unit above, a column a
// sample, a term a unit below.

// use dense
// use layer_values

// A sample: where its numbers are among those of a unit below, and in a row of z.
struct Column {
  h: u32,
  j: u32,
}

// A unit below.
struct Term {
  k: u32,
  h: u32,
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_out, step.size, params.fan_in);
}

fn column_of(product: Product, j: u32) -> Column {
  let place = min(j, step.size - 1);
  return Column(select(place, sample_of(product.stream, j), FIRST), place);
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(k, product.below + k * product.apart);
}
