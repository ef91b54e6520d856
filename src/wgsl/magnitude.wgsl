// Absolute values by their bits, which order like the values, with infinity and NaN on top.

fn magnitude_of(value: f32) -> u32 {
  return bitcast<u32>(value) & 0x7fffffffu;
}

// 1 over a power of two near the value, exactly: the exponent mirrored. The clamp keeps it normal.
fn inverse_near(magnitude: u32) -> f32 {
  return bitcast<f32>(0x7f000000u - clamp(magnitude & 0x7f800000u, 0x00800000u, 0x7e000000u));
}
