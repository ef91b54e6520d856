// A run's numbers, which a shader binds one by one.

fn number_at(place: u32) -> f32 {
  return work[place];
}

fn put_number(place: u32, value: f32) {
  work[place] = value;
}
