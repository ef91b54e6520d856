// Numbers of one input.

// use finite

alias Number = f32;

fn is_held(x: Number) -> bool {
  return is_finite(x);
}
