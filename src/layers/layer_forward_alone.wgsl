// Z0 and dZ (src/layers/layer_forward.wgsl), number by number.

// use z_alone

@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(7) var<storage, read_write> z: array<f32>;

fn base_at(place: u32) -> f32 {
  return base[place];
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  let met = meet(column, term);
  return change_of(select(0.0, base[term.base + base_below(column)], met), select(0.0, z[term.z + z_below(column)], met));
}
