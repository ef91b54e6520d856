// [x]+, and NaN of NaN: as integers, negative numbers are all that lies at or below minus infinity, -NaN above. No comparison
// with NaN, which a compiler may assume away, and nothing that takes a software adapter longer than one.

// The bits of minus infinity.
const MINUS_INFINITY = -0x800000;

fn positive(x: f32) -> f32 {
  return select(0.0, x, bitcast<i32>(x) > MINUS_INFINITY);
}

fn positive4(x: vec4f) -> vec4f {
  return select(vec4f(), x, bitcast<vec4i>(x) > vec4i(MINUS_INFINITY));
}
