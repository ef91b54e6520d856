// One descent step of diagonal networks f(x) = A <w+^D - w-^D, x> whose copies start equal, w+(0) = w-(0) = a,
// together with the linearized twin and the flow's conserved quantity.
//
// Units, state and steps are those of src/kernels/diagonal/equal_copies.wgsl.
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
//   update  the sums over the batch are known (predictor_products.wgsl): `X` holds them, [rows, inputs]; an invocation owns PER_INVOCATION
//           inputs, LANES apart (x), of the runs of one tile (y), and reads what a run's inputs share once
//   fused_steps as many updates of full batches as step.order says, for problems so small that dispatches cost more than
//           their work: a workgroup owns a run (x: entry of the tile table), an invocation every LANES-th sample, then
//           input. It makes the residuals itself: `order` holds the targets [targets, samples], as bits. A run that
//           diverges or, with STOPS, reaches its stop loss stops there. Bit for bit what predictor_products.wgsl, stop_check.wgsl with
//           JUDGES lanes and the other variants do, update by update.

// use descent_update
// use equal_copies
// use minibatch
// use scalar

// Of `fused_steps`: whether runs stop at a loss, and the lanes of the judge whose sums are followed.
override STOPS: bool = false;
override JUDGES: u32 = 64;

fn weights_of(run: Run, i: u32) -> Weights {
  let n = run.inputs;
  let at = run.state + i;
  var own = Weights(state[at], state[at + n], state[at + 2 * n], 0.0, 0.0, 0.0, EffectiveStart(), Average(), 0.0, 0.0);
  if (GAP != 0) { own.e = state[at + GAP * n]; }
  if (GAP_SUM != 0) { own.gap_sum = state[at + GAP_SUM * n]; }
  if (INVARIANT != 0) { own.invariant = state[at + INVARIANT * n]; }
  if (EFFECTIVE != 0) {
    let first = at + EFFECTIVE * n;
    own.effective = EffectiveStart(state[first], state[first + n], state[first + 2 * n]);
  }
  if (AVERAGE != 0) {
    let first = at + AVERAGE * n;
    own.average = Average(state[first], state[first + n], state[first + 2 * n]);
    own.beta = beta[run.beta + i];
  }
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
    end_diverged(run);
  }
  state[at + n] = after.d;
  state[at + 2 * n] = after.s;
  beta[run.beta + i] = after.beta;
  if (INVARIANT != 0) { state[at + INVARIANT * n] = after.invariant; }
  if (EFFECTIVE != 0) {
    let first = at + EFFECTIVE * n;
    state[first] = after.effective.recent;
    state[first + n] = after.effective.log_alpha;
    state[first + 2 * n] = after.effective.shift;
  }
  if (AVERAGE != 0) {
    let first = at + AVERAGE * n;
    state[first] = after.average.recent;
    state[first + n] = after.average.sum;
    state[first + 2 * n] = after.average.count;
  }
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
fn fused_steps(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
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
