// use activation

// An activation at w(0), its change since, and the bits of what it is now.
struct Change {
  before: f32,
  moved: f32,
  bits: u32,
}

// Of a pre-activation and its change: where a unit is active before and after, that change itself; else one of the two
// activations is zero.
fn change_of(start: f32, change: f32) -> Change {
  if (LINEAR) {
    return Change(start, change, 1);
  }
  let end = start + change;
  let before = positive(start);
  let now = positive(end);
  return Change(before, select(now - before, change, (start > 0.0) & (end > 0.0)), bitcast<u32>(now));
}
