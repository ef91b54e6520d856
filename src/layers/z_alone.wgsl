// Writes dZ or Z, which a shader binds number by number.

fn put_z(place: u32, value: f32) {
  z[place] = value;
}
