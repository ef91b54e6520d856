// Positions of layers whose units lie on images.

// use layer

fn positions_below() -> u32 {
  return params.height * params.width;
}

fn positions_above() -> u32 {
  return params.height_above * params.width_above;
}

// a / b of whole numbers below 2^22 (src/layers/conv/kind.ts: images have fewer pixels): as floats, since software adapters divide integers one by one,
// and convert what has a sign faster.
fn quotient(a: u32, b: u32) -> u32 {
  return u32(i32((f32(i32(a)) + 0.5) / f32(i32(b))));
}

fn quotients(a: vec2u, b: u32) -> vec2u {
  return vec2u(vec2i((vec2f(vec2i(a)) + 0.5) / f32(i32(b))));
}
