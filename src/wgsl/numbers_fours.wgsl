// A run's numbers, which a shader binds in fours: whoever writes one of a four writes them all.

fn number_at(place: u32) -> f32 {
  return work[place >> 2][place & 3];
}

fn put_number(place: u32, value: f32) {
  work[place >> 2][place & 3] = value;
}
