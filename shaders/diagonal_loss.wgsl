// Losses of linear predictors' outputs that are not residuals, and what their updates are made of:
//
//   signal [rows, capacity]: in, f and, with a twin, h = (f - fbar) / k^2 of the batch
//   SLOPES out, half the slope dL/df, and half its difference from the twin's over k^2: r and h of the squared loss
//   roots [rows, capacity]: roots of the losses of f and, with a twin, of fbar
//   y [targets, samples]   k = `displacement` of the run
//
// An invocation owns one sample (x) of one run (y: entry of the tile table). Of outputs that are not finite nothing is.
// Relative error of a slope <= gamma(40), of a difference <= gamma(60), where |f| <= 18.

// use logistic_loss
// use logistic_slope_change
// use minibatch
// use run_parameters
// use tile

struct Params {
  samples: u32,
  channels: u32,
  // Samples that a row of `signal` has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
}

override SLOPES: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> y: array<f32>;
@group(0) @binding(5) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(6) var<storage, read_write> signal: array<f32>;
@group(0) @binding(7) var<storage, read_write> roots: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= step.size) {
    return;
  }
  let tile = id.y * TILE;
  let row = run_tiles[tile + 4];
  let label = y[run_tiles[tile + 1] * params.samples + sample_of(run_tiles[tile + 2], id.x)];
  let k = runs[row / params.channels].displacement;
  let at = row * params.capacity + id.x;
  let output = signal[at];
  let loss = logistic_loss(output, 0.0, label);
  roots[at] = loss.x;
  if (SLOPES) {
    signal[at] = 0.5 * loss.y;
  }
  if (params.channels > 1) {
    let gap = at + params.capacity;
    let change = (k * k) * signal[gap];
    roots[gap] = logistic_loss(output, -change, label).x;
    if (SLOPES) {
      signal[gap] = 0.5 * logistic_slope_change(output, change, label) / (k * k);
    }
  }
}
