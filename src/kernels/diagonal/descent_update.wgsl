// Updates of runs whose sums over the batch are known (predictor_products.wgsl): `X` holds them, [rows, inputs]. An invocation owns
// PER_INVOCATION inputs, LANES apart (x), of the runs of one tile (y), and reads what a run's inputs share once.
//
//   descend(run, i, gradient_sum, gap_sum)     the update of one input's weights, or with FLOW the time derivative of them
//
// With FLOW the state is left alone; its derivative, [runs, FIELDS, inputs], goes in place of beta, and rate and decay are those of
// step size 1.

// use descent
// use tile

override LANES: u32 = 64;
override PER_INVOCATION: u32 = 1;
override FLOW: bool = false;

// What a run's inputs have in common, read once.
struct Run {
  index: u32,
  // Updates before this one.
  updates: u32,
  inputs: u32,
  // The first float of its state and of its predictor.
  state: u32,
  beta: u32,
  // 2 (step size) over the output scale, over the samples of a mean.
  rate: f32,
  numbers: RunParameters,
}

fn run_of(row: u32, updates: u32) -> Run {
  let index = row / params.channels;
  let n = params.inputs;
  let numbers = runs[index];
  return Run(index, updates, n, index * FIELDS * n, row * n, numbers.rate * step.scale, numbers);
}

fn end_diverged(run: Run) {
  atomicMin(&horizon[2 * run.index], run.updates + 1);
  atomicMax(&horizon[2 * run.index + 1], DIVERGED);
}

@compute @workgroup_size(LANES)
fn update(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = params.inputs;
  let first = group.x * PER_INVOCATION * LANES + lane;
  let end = min(n, first + PER_INVOCATION * LANES);
  let tile = group.y * TILE;
  for (var k = 0u; k < tiles[tile + 3]; k += params.channels) {
    let row = tiles[tile + 4 + k];
    if (step.index < atomicLoad(&horizon[2 * (row / params.channels)])) {
      let run = run_of(row, step.index);
      for (var i = first; i < end; i += LANES) {
        let at = row * n + i;
        var gap_sum = 0.0;
        if (GAP != 0) {
          gap_sum = X[at + n];
        }
        descend(run, i, X[at], gap_sum);
      }
    }
  }
}
