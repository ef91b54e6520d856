// What whole steps of small matrix models are told, and what they train.

// use run_parameters
// use step

struct Params {
  channels: u32,
  // Floats of a run's state, and of one copy's factors.
  stride: u32,
  parameters: u32,
  rows: u32,
  columns: u32,
  // Widths between factors: rows of W_1, and of W_2.
  first: u32,
  second: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(5) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(6) var<storage, read_write> state: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(7) var<storage, read_write> horizon: array<atomic<u32>>;
