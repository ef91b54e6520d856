// X and Z (src/layers/layer_values.wgsl), four samples at a time, of layers whose columns meet every term.

// use z_fours

@group(0) @binding(4) var<storage, read> X: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> z: array<vec4f>;

fn rights_at(product: Product, column: Column, term: Term) -> FourRights {
  let place = (term.h + column.h) >> 2;
  if (FIRST) {
    let four = X[place];
    return FourRights(four.x, four.y, four.z, four.w);
  }
  let four = activation4(z[place]);
  return FourRights(four.x, four.y, four.z, four.w);
}
