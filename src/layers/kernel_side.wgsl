// use layer

// Rows of a kernel are samples, of all outputs together; or samples of each output in turn.
override FULL: bool = false;

// Rows and columns of a kernel.
fn side_of() -> u32 {
  return params.samples * select(1u, params.outputs, FULL);
}
