// Noise on the labels of a batch, off which an update is made (Blanc et al. 2020, HaoChen et al. 2021):
//
//   signal[row, j] <- signal[row, j] - factor level[run] s_j,   s_j = +-1 as the order table says (shuffle.wgsl), 0 where it has none
//
//   signal [rows, capacity]: row `row` of a run is what the loss's slopes are kept as, `factor` of them where f - y is 1
//   level [runs]: the noise's standard deviation
//
// An invocation owns one place of the batch (x) of one run (y: entry of the tile table). Two roundings.

// use order_entry
// use step
// use tile

struct Params {
  samples: u32,
  channels: u32,
  // Samples that a row of `signal` has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
  row: u32,
  factor: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> level: array<f32>;
@group(0) @binding(5) var<storage, read_write> signal: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= step.size) {
    return;
  }
  let tile = id.y * TILE;
  let row = run_tiles[tile + 4];
  let entry = order[(step.order * params.streams + run_tiles[tile + 2]) * params.samples + step.start + id.x];
  if ((entry & NOISY) != 0) {
    let noise = params.factor * level[row / params.channels];
    signal[(row + params.row) * params.capacity + id.x] -= select(noise, -noise, (entry & NEGATIVE) != 0);
  }
}
