// use pool

// A number at w(0), or with what it has moved by.
fn number_at(place: Place, pixel: u32, moved: bool) -> f32 {
  let start = base[place.base + pixel * place.base_apart];
  return start + select(0.0, z[place.z + pixel * place.z_apart], moved);
}
