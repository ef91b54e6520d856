// What descents of diagonal networks read and write, and where runs' numbers lie.

// use ending
// use run_parameters
// use step

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of `signal` has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read_write> signal: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> state: array<f32>;
@group(0) @binding(8) var<storage, read_write> beta: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(9) var<storage, read_write> horizon: array<atomic<u32>>;
