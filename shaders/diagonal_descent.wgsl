// One descent step of diagonal networks f(x) = A <w+^D - w-^D, x> whose copies start equal, w+(0) = w-(0) = a,
// together with the linearized twin and the flow's conserved quantity.
//
// Units, state and steps are those of src/wgsl/equal_copies.wgsl.
//
//   signal [rows, capacity]: the residual r of the batch and, with a twin, h = (f - fbar) / k^2 of the batch
//
// Sums run over the batch in its order: |error of g| <= gamma(size + 2) rate scale |X|^T |r|.
//
// With FLOW the kernel leaves the state alone and writes its time derivative instead, [runs, FIELDS, inputs], in place
// of beta; rate and decay are then those of step size 1, and INVARIANT is the first of two fields that follow the flow
// of w+ and w- themselves: multiplicative, so that their product tells how far the integrator has strayed.
//
//   plain   an invocation owns one input (x) of the runs of one tile (y)
//   tiled   an invocation owns WIDTH inputs, LANES apart, x 8 rows in registers
//   update  the sums over the batch are known (quad_products.wgsl): `X` holds them, [rows, inputs]; an invocation owns EACH
//           inputs, LANES apart (x), of the runs of one tile (y), and reads what a run's inputs share once
//   many    as many updates of full batches as step.order says, for problems so small that dispatches cost more than
//           their work: a workgroup owns a run (x: entry of the tile table), an invocation every LANES-th sample, then
//           input. It makes the residuals itself: `order` holds the targets [targets, samples], as bits. A run that
//           diverges or, with STOPS, reaches its stop loss stops there. Bit for bit what residual.wgsl, stop_check.wgsl with
//           JUDGES lanes and the other variants do, update by update.

// use ending
// use equal_copies
// use minibatch
// use scalar
// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  capacity: u32,
  streams: u32,
}

override LANES: u32 = 64;
// Inputs that an invocation of `tiled` owns, at most 13.
override WIDTH: u32 = 13;
// Inputs that an invocation of `update` owns.
override EACH: u32 = 1;
override FLOW: bool = false;
// Of `many`: whether runs stop at a loss, and the lanes of the judge whose sums are followed.
override STOPS: bool = false;
override JUDGES: u32 = 64;

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

fn weights_of(run: Run, i: u32) -> Weights {
  let n = run.inputs;
  let at = run.state + i;
  var own = Weights(state[at], state[at + n], state[at + 2 * n], 0.0, 0.0, 0.0, 0.0, 0.0);
  if (GAP != 0) { own.e = state[at + GAP * n]; }
  if (GAP_SUM != 0) { own.gap_sum = state[at + GAP_SUM * n]; }
  if (INVARIANT != 0) { own.invariant = state[at + INVARIANT * n]; }
  return own;
}

fn put_derivative(run: Run, i: u32, gradient_sum: f32, gap_sum: f32) {
  let n = run.inputs;
  let at = run.state + i;
  let own = weights_of(run, i);
  let k = run.numbers.displacement;
  let decay = decay_of(run.numbers);
  let slopes = slopes_of(own, k * k);
  let D = f32(DEPTH);
  let Dg = D * (run.rate * gradient_sum);
  beta[at + n] = -Dg * (2.0 * slopes.base + (k * k) * slopes.E) - decay * own.d;
  beta[at + 2 * n] = -Dg * (own.d * slopes.O);
  if (DECAY) {
    beta[at + 2 * n] -= decay * (2.0 * own.a + own.s);
  }
  if (GAP != 0) {
    beta[at + GAP * n] = -2.0 * D * slopes.base * (run.rate * gap_sum) - Dg * slopes.E - decay * own.e;
  }
  if (GAP_SUM != 0) {
    beta[at + GAP_SUM * n] = -Dg * (own.d * slopes.O) - decay * own.gap_sum;
  }
  if (INVARIANT != 0) {
    let plus = own.invariant;
    let minus = state[at + (INVARIANT + 1) * n];
    var slope = vec2f(-k * Dg, k * Dg);
    for (var i = 1u; i < DEPTH; i++) {
      slope *= vec2f(plus, minus);
    }
    beta[at + INVARIANT * n] = slope.x - decay * plus;
    beta[at + (INVARIANT + 1) * n] = slope.y - decay * minus;
  }
}

// The update of one input's weights; the sums are those over the batch.
fn descend(run: Run, i: u32, gradient_sum: f32, gap_sum: f32) {
  if (FLOW) {
    put_derivative(run, i, gradient_sum, gap_sum);
    return;
  }
  let n = run.inputs;
  let at = run.state + i;
  let after = descended(run.numbers, run.rate, weights_of(run, i), gradient_sum, gap_sum);
  if (overflows(after)) {
    atomicMin(&horizon[2 * run.index], run.updates + 1);
    atomicMax(&horizon[2 * run.index + 1], DIVERGED);
  }
  state[at + n] = after.d;
  state[at + 2 * n] = after.s;
  beta[run.beta + i] = after.beta;
  if (INVARIANT != 0) { state[at + INVARIANT * n] = after.invariant; }
  if (GAP != 0) {
    state[at + GAP * n] = after.e;
    beta[run.beta + n + i] = after.gamma;
  }
  if (GAP_SUM != 0) { state[at + GAP_SUM * n] = after.gap_sum; }
}

@compute @workgroup_size(LANES)
fn plain(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= params.inputs) {
    return;
  }
  let tile = id.y * TILE;
  let x = tiles[tile] * params.samples * params.inputs + i;
  for (var k = 0u; k < tiles[tile + 3]; k += params.channels) {
    let row = tiles[tile + 4 + k];
    let run = row / params.channels;
    if (step.index < atomicLoad(&horizon[2 * run])) {
      var g = 0.0;
      var h = 0.0;
      for (var j = 0u; j < step.size; j++) {
        let entry = X[x + sample_of(tiles[tile + 2], j) * params.inputs];
        g += entry * signal[row * params.capacity + j];
        if (GAP != 0) {
          h += entry * signal[(row + 1) * params.capacity + j];
        }
      }
      descend(run_of(row, step.index), i, g, h);
    }
  }
}

@compute @workgroup_size(LANES)
fn update(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = params.inputs;
  let first = group.x * EACH * LANES + lane;
  let end = min(n, first + EACH * LANES);
  let tile = group.y * TILE;
  for (var k = 0u; k < tiles[tile + 3]; k += params.channels) {
    let row = tiles[tile + 4 + k];
    if (step.index < atomicLoad(&horizon[2 * (row / params.channels)])) {
      let run = run_of(row, step.index);
      for (var i = first; i < end; i += LANES) {
        let at = row * n + i;
        var h = 0.0;
        if (GAP != 0) {
          h = X[at + n];
        }
        descend(run, i, X[at], h);
      }
    }
  }
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let i = group.x * WIDTH * LANES + lane.x;
  let n = params.inputs;
  let tile = group.y * TILE;
  let stream = tiles[tile + 2];
  // Inputs past the end repeat the last, unused.
  let x = tiles[tile] * params.samples * n;
  let end = n - 1;
  let input0 = x + min(i + 0 * LANES, end);
  let input1 = x + min(i + 1 * LANES, end);
  let input2 = x + min(i + 2 * LANES, end);
  let input3 = x + min(i + 3 * LANES, end);
  let input4 = x + min(i + 4 * LANES, end);
  let input5 = x + min(i + 5 * LANES, end);
  let input6 = x + min(i + 6 * LANES, end);
  let input7 = x + min(i + 7 * LANES, end);
  let input8 = x + min(i + 8 * LANES, end);
  let input9 = x + min(i + 9 * LANES, end);
  let input10 = x + min(i + 10 * LANES, end);
  let input11 = x + min(i + 11 * LANES, end);
  let input12 = x + min(i + 12 * LANES, end);
  let low_rows = vec4u(tiles[tile + 4], tiles[tile + 5], tiles[tile + 6], tiles[tile + 7]) * params.capacity;
  let high_rows = vec4u(tiles[tile + 8], tiles[tile + 9], tiles[tile + 10], tiles[tile + 11]) * params.capacity;

  var low0 = vec4f(); var high0 = vec4f();
  var low1 = vec4f(); var high1 = vec4f();
  var low2 = vec4f(); var high2 = vec4f();
  var low3 = vec4f(); var high3 = vec4f();
  var low4 = vec4f(); var high4 = vec4f();
  var low5 = vec4f(); var high5 = vec4f();
  var low6 = vec4f(); var high6 = vec4f();
  var low7 = vec4f(); var high7 = vec4f();
  var low8 = vec4f(); var high8 = vec4f();
  var low9 = vec4f(); var high9 = vec4f();
  var low10 = vec4f(); var high10 = vec4f();
  var low11 = vec4f(); var high11 = vec4f();
  var low12 = vec4f(); var high12 = vec4f();

  // A tile of few rows is half the work.
  if (tiles[tile + 3] > 4) {
    for (var j = 0u; j < step.size; j++) {
      let sample = sample_of(stream, j) * n;
      let low = vec4f(signal[low_rows.x + j], signal[low_rows.y + j], signal[low_rows.z + j], signal[low_rows.w + j]);
      let high =
        vec4f(signal[high_rows.x + j], signal[high_rows.y + j], signal[high_rows.z + j], signal[high_rows.w + j]);
      let x0 = X[input0 + sample]; low0 += x0 * low; high0 += x0 * high;
      if (WIDTH > 1) { let x1 = X[input1 + sample]; low1 += x1 * low; high1 += x1 * high; }
      if (WIDTH > 2) { let x2 = X[input2 + sample]; low2 += x2 * low; high2 += x2 * high; }
      if (WIDTH > 3) { let x3 = X[input3 + sample]; low3 += x3 * low; high3 += x3 * high; }
      if (WIDTH > 4) { let x4 = X[input4 + sample]; low4 += x4 * low; high4 += x4 * high; }
      if (WIDTH > 5) { let x5 = X[input5 + sample]; low5 += x5 * low; high5 += x5 * high; }
      if (WIDTH > 6) { let x6 = X[input6 + sample]; low6 += x6 * low; high6 += x6 * high; }
      if (WIDTH > 7) { let x7 = X[input7 + sample]; low7 += x7 * low; high7 += x7 * high; }
      if (WIDTH > 8) { let x8 = X[input8 + sample]; low8 += x8 * low; high8 += x8 * high; }
      if (WIDTH > 9) { let x9 = X[input9 + sample]; low9 += x9 * low; high9 += x9 * high; }
      if (WIDTH > 10) { let x10 = X[input10 + sample]; low10 += x10 * low; high10 += x10 * high; }
      if (WIDTH > 11) { let x11 = X[input11 + sample]; low11 += x11 * low; high11 += x11 * high; }
      if (WIDTH > 12) { let x12 = X[input12 + sample]; low12 += x12 * low; high12 += x12 * high; }
    }
  } else {
    for (var j = 0u; j < step.size; j++) {
      let sample = sample_of(stream, j) * n;
      let low = vec4f(signal[low_rows.x + j], signal[low_rows.y + j], signal[low_rows.z + j], signal[low_rows.w + j]);
      let x0 = X[input0 + sample]; low0 += x0 * low;
      if (WIDTH > 1) { let x1 = X[input1 + sample]; low1 += x1 * low; }
      if (WIDTH > 2) { let x2 = X[input2 + sample]; low2 += x2 * low; }
      if (WIDTH > 3) { let x3 = X[input3 + sample]; low3 += x3 * low; }
      if (WIDTH > 4) { let x4 = X[input4 + sample]; low4 += x4 * low; }
      if (WIDTH > 5) { let x5 = X[input5 + sample]; low5 += x5 * low; }
      if (WIDTH > 6) { let x6 = X[input6 + sample]; low6 += x6 * low; }
      if (WIDTH > 7) { let x7 = X[input7 + sample]; low7 += x7 * low; }
      if (WIDTH > 8) { let x8 = X[input8 + sample]; low8 += x8 * low; }
      if (WIDTH > 9) { let x9 = X[input9 + sample]; low9 += x9 * low; }
      if (WIDTH > 10) { let x10 = X[input10 + sample]; low10 += x10 * low; }
      if (WIDTH > 11) { let x11 = X[input11 + sample]; low11 += x11 * low; }
      if (WIDTH > 12) { let x12 = X[input12 + sample]; low12 += x12 * low; }
    }
  }

  // Where a loop finds them: one copy of the update in the program instead of one for every sum.
  var sums: array<vec4f, 26>;
  sums[0] = low0; sums[1] = high0;
  if (WIDTH > 1) { sums[2] = low1; sums[3] = high1; }
  if (WIDTH > 2) { sums[4] = low2; sums[5] = high2; }
  if (WIDTH > 3) { sums[6] = low3; sums[7] = high3; }
  if (WIDTH > 4) { sums[8] = low4; sums[9] = high4; }
  if (WIDTH > 5) { sums[10] = low5; sums[11] = high5; }
  if (WIDTH > 6) { sums[12] = low6; sums[13] = high6; }
  if (WIDTH > 7) { sums[14] = low7; sums[15] = high7; }
  if (WIDTH > 8) { sums[16] = low8; sums[17] = high8; }
  if (WIDTH > 9) { sums[18] = low9; sums[19] = high9; }
  if (WIDTH > 10) { sums[20] = low10; sums[21] = high10; }
  if (WIDTH > 11) { sums[22] = low11; sums[23] = high11; }
  if (WIDTH > 12) { sums[24] = low12; sums[25] = high12; }

  let used = tiles[tile + 3];
  for (var place = 0u; place < used; place += params.channels) {
    let row = tiles[tile + 4 + place];
    if (step.index < atomicLoad(&horizon[2 * (row / params.channels)])) {
      let run = run_of(row, step.index);
      for (var k = 0u; k < WIDTH; k++) {
        let input = i + k * LANES;
        if (input < n) {
          let sum = 2 * k + place / 4;
          var h = 0.0;
          if (GAP != 0) {
            h = sums[sum][place % 4 + 1];
          }
          descend(run, input, sums[sum][place % 4], h);
        }
      }
    }
  }
}

// The loss as stop_check.wgsl adds it up.
fn loss_of(row: u32) -> f32 {
  var partial: array<f32, 64>;
  for (var judge = 0u; judge < JUDGES; judge++) {
    var sum = 0.0;
    for (var j = judge; j < step.size; j += JUDGES) {
      let residual = signal[row * params.capacity + j];
      sum += residual * residual;
    }
    partial[judge] = sum;
  }
  for (var half = JUDGES / 2; half > 0; half /= 2) {
    for (var judge = 0u; judge < half; judge++) {
      partial[judge] += partial[judge + half];
    }
  }
  return step.scale * partial[0];
}

@compute @workgroup_size(LANES)
fn many(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = params.inputs;
  let tile = group.x * TILE;
  let row = tiles[tile + 4];
  let index = row / params.channels;
  let x = tiles[tile] * params.samples * n;
  let targets = tiles[tile + 1] * params.samples;
  for (var updates = step.index; updates < step.index + step.order; updates++) {
    // What other invocations wrote is there: each turn ends with a barrier.
    if (updates < atomicLoad(&horizon[2 * index])) {
      for (var j = lane; j < step.size; j += LANES) {
        var f = 0.0;
        var h = 0.0;
        for (var i = 0u; i < n; i++) {
          let entry = X[x + j * n + i];
          f += entry * beta[row * n + i];
          if (GAP != 0) {
            h += entry * beta[(row + 1) * n + i];
          }
        }
        signal[row * params.capacity + j] = f - bitcast<f32>(order[targets + j]);
        if (GAP != 0) {
          signal[(row + 1) * params.capacity + j] = h;
        }
      }
    }
    storageBarrier();
    if (STOPS) {
      if (lane == 0 && updates > 0 && updates < atomicLoad(&horizon[2 * index])) {
        let loss = loss_of(row);
        if (is_finite(loss) && loss <= runs[index].stop_loss) {
          atomicStore(&horizon[2 * index], updates);
          atomicStore(&horizon[2 * index + 1], CONVERGED);
        }
      }
      storageBarrier();
    }
    if (updates < atomicLoad(&horizon[2 * index])) {
      let run = run_of(row, updates);
      for (var i = lane; i < n; i += LANES) {
        var g = 0.0;
        var h = 0.0;
        for (var j = 0u; j < step.size; j++) {
          let entry = X[x + j * n + i];
          g += entry * signal[row * params.capacity + j];
          if (GAP != 0) {
            h += entry * signal[(row + 1) * params.capacity + j];
          }
        }
        descend(run, i, g, h);
      }
    }
    storageBarrier();
  }
}
