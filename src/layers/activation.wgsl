// use rectifier

// Hidden units: rectified, or with LINEAR as they are.
override LINEAR: bool = false;

fn activation(z: f32) -> f32 {
  if (LINEAR) {
    return z;
  }
  return positive(z);
}

fn activation4(z: vec4f) -> vec4f {
  if (LINEAR) {
    return z;
  }
  return positive4(z);
}

// Whether a unit of this pre-activation lets signals through: the derivative at 0 is 0 where it is rectified.
fn is_active(z: f32) -> bool {
  return LINEAR | (z > 0.0);
}
