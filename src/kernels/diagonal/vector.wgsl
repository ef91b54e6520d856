// Numbers of four inputs.

// use finite

alias Number = vec4f;

fn is_held(x: Number) -> bool {
  return are_finite(x);
}
