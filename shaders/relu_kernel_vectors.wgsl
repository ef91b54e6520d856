// Changes of tangent kernels as relu_kernel.wgsl has them, bit for bit, from the same bindings: where samples come in whole
// fours, a load finds and checks four numbers at once, which a software adapter gains a half by.

// use change
// use kernel_change
// use unseen

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<vec4f>;
@group(0) @binding(3) var<storage, read> base: array<vec4f>;
@group(0) @binding(4) var<storage, read> z: array<vec4f>;
@group(0) @binding(5) var<storage, read> signals: array<vec4f>;
@group(0) @binding(6) var<storage, read> changes: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

// Numbers at w(0), and their changes since.
fn four_of(start: vec4f, change: vec4f) -> FourLefts {
  return FourLefts(
    vec2f(start.x, change.x), vec2f(start.y, change.y), vec2f(start.z, change.z), vec2f(start.w, change.w));
}

fn moved_of(start: f32, change: f32) -> Left {
  let moved = change_of(start, change);
  return vec2f(moved.before, moved.moved);
}

fn four_at(product: Product, row: Row, term: Term) -> FourLefts {
  let at = place_of(product, min(row.at, side_of() - 4));
  let start = (term.start + at) >> 2;
  let change = (term.change + at) >> 2;
  if (product.side == ABOVE) {
    return four_of(signals[start], changes[change]);
  }
  if (FIRST) {
    return four_of(X[start], vec4f());
  }
  let Z = base[start];
  let dZ = z[change];
  return FourLefts(
    moved_of(Z.x, dZ.x), moved_of(Z.y, dZ.y), moved_of(Z.z, dZ.z), moved_of(Z.w, dZ.w));
}
