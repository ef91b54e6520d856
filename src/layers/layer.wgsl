// One layer of networks of the same shapes, a network a run and copy.

struct Params {
  samples: u32,
  test_samples: u32,
  inputs: u32,
  // Rows of `signal` a run.
  channels: u32,
  // Samples that a row of a batch's numbers has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
  copies: u32,
  // Rows of a network's numbers: hidden units, then the outputs.
  units: u32,
  outputs: u32,
  // Floats of a run's state; weights of one copy.
  stride: u32,
  parameters: u32,
  // First row of dL/df among those of a run in `signal`, or where a begins in its state.
  slope: u32,
  // Entry of the tile table that the first slot is.
  first: u32,
  // The layer: its first weight, its units below and above, and the first rows of both.
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
  // Of images: what a layer sees of them at once, from where to where it moves on, zeros around; positions of what is below and above.
  window: u32,
  window_stride: u32,
  padding: u32,
  height: u32,
  width: u32,
  height_above: u32,
  width_above: u32,
  // Weights that gradients of single samples are made of at once.
  first_weight: u32,
  weight_count: u32,
  // Signals of a unit whose samples these are.
  first_signal: u32,
  signal_count: u32,
}

// Signals back of one unit: a number of each sample, from each output in turn.
fn signals_of_unit() -> u32 {
  return params.outputs * params.samples;
}

@group(0) @binding(0) var<uniform> params: Params;
