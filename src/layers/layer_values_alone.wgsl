// X and Z (src/layers/layer_values.wgsl), number by number.

// use z_alone

@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(6) var<storage, read_write> z: array<f32>;

fn right_at(product: Product, column: Column, term: Term) -> Right {
  let place = term.h + column.h;
  if (FIRST) {
    return select(0.0, X[place], meet(column, term));
  }
  return select(0.0, activation(z[place]), meet(column, term));
}
