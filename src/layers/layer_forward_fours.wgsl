// Z0 and dZ (src/layers/layer_forward.wgsl), four samples at a time, of layers whose columns meet every term.

// use z_fours

@group(0) @binding(4) var<storage, read> base: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> z: array<vec4f>;

fn base_at(place: u32) -> f32 {
  return base[place >> 2][place & 3];
}

fn rights_at(product: Product, column: Column, term: Term) -> FourRights {
  let start = base[(term.base + base_below(column)) >> 2];
  let change = z[(term.z + z_below(column)) >> 2];
  return FourRights(
    change_of(start.x, change.x), change_of(start.y, change.y), change_of(start.z, change.z), change_of(start.w, change.w));
}
