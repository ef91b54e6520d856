// Writes dZ or Z, which a shader binds in fours: whoever owns a sample of four owns them all.

fn put_z(place: u32, value: f32) {
  z[place >> 2][place & 3] = value;
}
