// Many descent steps of diagonal networks whose copies start equal, each run by one invocation: what `many` of
// diagonal_descent.wgsl does, in its units, update by update, bit for bit, for few inputs of runs that share their data. It is
// bound like it: `order` holds the targets [targets, samples], as bits; `signal` is not touched.
//
// All weights of a run and all sums are in registers, four inputs a vector (BLOCKS vectors), from the first update to the
// last: an input is loaded once for both directions, and by one of four neighbours, who trade it for the others'. The
// places past the last input hold zeros in X, and change nothing. That pays where a load costs far more than a product.
//
// A workgroup owns the runs of a tile (x: entry of the tile table); the invocations left over repeat the last
// run and write nothing. A run that has ended is carried along, unchanged.
//
//   r_j = sum over i of X_ji beta_i - y_j,   g_i = sum over j of X_ji r_j, in index order; with GAP h and q likewise
//
// |error of r| <= gamma(n + 1) (|X| |beta| + |y|), |error of g| <= gamma(N + 1) |X|^T |r|.

// use descent
// use equal_copies
// use input_vectors
// use vector

// Vectors of four inputs, at most 8.
override BLOCKS: u32 = 5;
// Whether runs stop at a loss.
override STOPS: bool = false;

// Lanes of a vector, four or eight: runs that a tile has room for.
override LANES: u32 = 4;

// A number of each of a run's inputs.
struct Vectors {
  a: vec4f,
  b: vec4f,
  c: vec4f,
  d: vec4f,
  e: vec4f,
  f: vec4f,
  g: vec4f,
  h: vec4f,
}

const NONE = Vectors(vec4f(), vec4f(), vec4f(), vec4f(), vec4f(), vec4f(), vec4f(), vec4f());

fn inputs_count() -> u32 {
  return params.inputs;
}

fn plus_dot(sum: f32, x: Vectors, y: Vectors) -> f32 {
  var total = plus_products(sum, x.a, y.a);
  if (BLOCKS > 1) { total = plus_products(total, x.b, y.b); }
  if (BLOCKS > 2) { total = plus_products(total, x.c, y.c); }
  if (BLOCKS > 3) { total = plus_products(total, x.d, y.d); }
  if (BLOCKS > 4) { total = plus_products(total, x.e, y.e); }
  if (BLOCKS > 5) { total = plus_products(total, x.f, y.f); }
  if (BLOCKS > 6) { total = plus_products(total, x.g, y.g); }
  if (BLOCKS > 7) { total = plus_products(total, x.h, y.h); }
  return total;
}

fn plus_scaled(sums: Vectors, x: Vectors, r: f32) -> Vectors {
  var total = sums;
  total.a += x.a * r;
  if (BLOCKS > 1) { total.b += x.b * r; }
  if (BLOCKS > 2) { total.c += x.c * r; }
  if (BLOCKS > 3) { total.d += x.d * r; }
  if (BLOCKS > 4) { total.e += x.e * r; }
  if (BLOCKS > 5) { total.f += x.f * r; }
  if (BLOCKS > 6) { total.g += x.g * r; }
  if (BLOCKS > 7) { total.h += x.h * r; }
  return total;
}

// What a run adds up over the samples: X^T r, X^T h, and squares of r as the four lanes of stop_check.wgsl add them, that of the
// next sample first.
struct Sums {
  gradient: Vectors,
  gap: Vectors,
  squares: vec4f,
}

// Where the run's data begin.
struct Data {
  x: u32,
  targets: u32,
  lane: u32,
}

fn with_sample(sums: Sums, data: Data, predictor: Vectors, gap: Vectors, j: u32) -> Sums {
  let at = data.x + j * params.inputs;
  var x = NONE;
  x.a = inputs_of(at, 0, data.lane);
  if (BLOCKS > 1) { x.b = inputs_of(at, 1, data.lane); }
  if (BLOCKS > 2) { x.c = inputs_of(at, 2, data.lane); }
  if (BLOCKS > 3) { x.d = inputs_of(at, 3, data.lane); }
  if (BLOCKS > 4) { x.e = inputs_of(at, 4, data.lane); }
  if (BLOCKS > 5) { x.f = inputs_of(at, 5, data.lane); }
  if (BLOCKS > 6) { x.g = inputs_of(at, 6, data.lane); }
  if (BLOCKS > 7) { x.h = inputs_of(at, 7, data.lane); }
  let r = plus_dot(0.0, x, predictor) - bitcast<f32>(order[data.targets + j]);
  var next = sums;
  next.gradient = plus_scaled(sums.gradient, x, r);
  if (GAP != 0) {
    next.gap = plus_scaled(sums.gap, x, plus_dot(0.0, x, gap));
  }
  if (STOPS) {
    next.squares = vec4f(sums.squares.yzw, sums.squares.x + r * r);
  }
  return next;
}

fn four_of(at: u32, vector: u32) -> vec4f {
  let last = params.inputs - 1;
  let first = at + 4 * vector;
  return vec4f(
    state[at + min(4 * vector, last)], state[at + min(4 * vector + 1, last)], state[at + min(4 * vector + 2, last)],
    state[at + min(4 * vector + 3, last)]);
}

fn predictor_of(at: u32, vector: u32) -> vec4f {
  let last = params.inputs - 1;
  return vec4f(
    beta[at + min(4 * vector, last)], beta[at + min(4 * vector + 1, last)], beta[at + min(4 * vector + 2, last)],
    beta[at + min(4 * vector + 3, last)]);
}

fn weights_of(index: u32, vector: u32) -> Weights {
  let n = params.inputs;
  let at = index * FIELDS * n;
  let row = index * params.channels;
  var own = Weights(
    four_of(at, vector), four_of(at + n, vector), four_of(at + 2 * n, vector), vec4f(), vec4f(), vec4f(),
    EffectiveStart(), Average(), predictor_of(row * n, vector), vec4f());
  if (GAP != 0) {
    own.e = four_of(at + GAP * n, vector);
    own.gamma = predictor_of((row + 1) * n, vector);
  }
  if (GAP_SUM != 0) { own.gap_sum = four_of(at + GAP_SUM * n, vector); }
  if (INVARIANT != 0) { own.invariant = four_of(at + INVARIANT * n, vector); }
  if (EFFECTIVE != 0) {
    let first = at + EFFECTIVE * n;
    own.effective = EffectiveStart(four_of(first, vector), four_of(first + n, vector), four_of(first + 2 * n, vector));
  }
  if (AVERAGE != 0) {
    let first = at + AVERAGE * n;
    own.average = Average(four_of(first, vector), four_of(first + n, vector), four_of(first + 2 * n, vector));
  }
  return own;
}

fn put_four(at: u32, vector: u32, values: vec4f) {
  let n = params.inputs;
  let i = 4 * vector;
  state[at + i] = values.x;
  if (i + 1 < n) { state[at + i + 1] = values.y; }
  if (i + 2 < n) { state[at + i + 2] = values.z; }
  if (i + 3 < n) { state[at + i + 3] = values.w; }
}

fn put_predictor(at: u32, vector: u32, values: vec4f) {
  let n = params.inputs;
  let i = 4 * vector;
  beta[at + i] = values.x;
  if (i + 1 < n) { beta[at + i + 1] = values.y; }
  if (i + 2 < n) { beta[at + i + 2] = values.z; }
  if (i + 3 < n) { beta[at + i + 3] = values.w; }
}

fn put(index: u32, vector: u32, own: Weights) {
  let n = params.inputs;
  let at = index * FIELDS * n;
  let row = index * params.channels;
  put_four(at + n, vector, own.d);
  put_four(at + 2 * n, vector, own.s);
  put_predictor(row * n, vector, own.beta);
  if (GAP != 0) {
    put_four(at + GAP * n, vector, own.e);
    put_predictor((row + 1) * n, vector, own.gamma);
  }
  if (GAP_SUM != 0) { put_four(at + GAP_SUM * n, vector, own.gap_sum); }
  if (INVARIANT != 0) { put_four(at + INVARIANT * n, vector, own.invariant); }
  if (EFFECTIVE != 0) {
    let first = at + EFFECTIVE * n;
    put_four(first, vector, own.effective.recent);
    put_four(first + n, vector, own.effective.log_alpha);
    put_four(first + 2 * n, vector, own.effective.shift);
  }
  if (AVERAGE != 0) {
    let first = at + AVERAGE * n;
    put_four(first, vector, own.average.recent);
    put_four(first + n, vector, own.average.sum);
    put_four(first + 2 * n, vector, own.average.count);
  }
}

fn chosen_start(before: EffectiveStart, after: EffectiveStart, is_after: bool) -> EffectiveStart {
  return EffectiveStart(
    select(before.recent, after.recent, is_after), select(before.log_alpha, after.log_alpha, is_after),
    select(before.shift, after.shift, is_after));
}

fn chosen_average(before: Average, after: Average, is_after: bool) -> Average {
  return Average(
    select(before.recent, after.recent, is_after), select(before.sum, after.sum, is_after),
    select(before.count, after.count, is_after));
}

// One of two, whole.
fn chosen(before: Weights, after: Weights, is_after: bool) -> Weights {
  return Weights(
    before.a, select(before.d, after.d, is_after), select(before.s, after.s, is_after),
    select(before.e, after.e, is_after), select(before.gap_sum, after.gap_sum, is_after),
    select(before.invariant, after.invariant, is_after), chosen_start(before.effective, after.effective, is_after),
    chosen_average(before.average, after.average, is_after),
    select(before.beta, after.beta, is_after),
    select(before.gamma, after.gamma, is_after));
}

// The loss. Whichever lane comes first, every second two make a pair, and the bits are the same.
fn loss_of(squares: vec4f) -> f32 {
  return step.scale * ((squares.x + squares.z) + (squares.y + squares.w));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = group.x * (4 + LANES);
  let index = tiles[tile + 4 + lane];
  let data = Data(tiles[tile] * params.samples * params.inputs, tiles[tile + 1] * params.samples, lane);
  let numbers = runs[index];
  let rate = numbers.rate * step.scale;
  var end = atomicLoad(&horizon[2 * index]);
  var reason = 0u;

  var a = weights_of(index, 0);
  var b = a; var c = a; var d = a; var e = a; var f = a; var g = a; var h = a;
  if (BLOCKS > 1) { b = weights_of(index, 1); }
  if (BLOCKS > 2) { c = weights_of(index, 2); }
  if (BLOCKS > 3) { d = weights_of(index, 3); }
  if (BLOCKS > 4) { e = weights_of(index, 4); }
  if (BLOCKS > 5) { f = weights_of(index, 5); }
  if (BLOCKS > 6) { g = weights_of(index, 6); }
  if (BLOCKS > 7) { h = weights_of(index, 7); }

  for (var updates = step.index; updates < step.index + step.order; updates++) {
    let predictor = Vectors(a.beta, b.beta, c.beta, d.beta, e.beta, f.beta, g.beta, h.beta);
    let gap = Vectors(a.gamma, b.gamma, c.gamma, d.gamma, e.gamma, f.gamma, g.gamma, h.gamma);
    var sums = Sums(NONE, NONE, vec4f());
    for (var j = 0u; j < step.size; j++) {
      sums = with_sample(sums, data, predictor, gap, j);
    }
    if (STOPS) {
      let loss = loss_of(sums.squares);
      if (updates > 0 && updates < end && are_finite(vec4f(loss)) && loss <= numbers.stop_loss) {
        end = updates;
        reason = CONVERGED;
      }
    }

    let trains = updates < end;
    a = chosen(a, descended(numbers, rate, a, sums.gradient.a, sums.gap.a), trains);
    var overflow = overflows(a);
    if (BLOCKS > 1) { b = chosen(b, descended(numbers, rate, b, sums.gradient.b, sums.gap.b), trains); overflow |= overflows(b); }
    if (BLOCKS > 2) { c = chosen(c, descended(numbers, rate, c, sums.gradient.c, sums.gap.c), trains); overflow |= overflows(c); }
    if (BLOCKS > 3) { d = chosen(d, descended(numbers, rate, d, sums.gradient.d, sums.gap.d), trains); overflow |= overflows(d); }
    if (BLOCKS > 4) { e = chosen(e, descended(numbers, rate, e, sums.gradient.e, sums.gap.e), trains); overflow |= overflows(e); }
    if (BLOCKS > 5) { f = chosen(f, descended(numbers, rate, f, sums.gradient.f, sums.gap.f), trains); overflow |= overflows(f); }
    if (BLOCKS > 6) { g = chosen(g, descended(numbers, rate, g, sums.gradient.g, sums.gap.g), trains); overflow |= overflows(g); }
    if (BLOCKS > 7) { h = chosen(h, descended(numbers, rate, h, sums.gradient.h, sums.gap.h), trains); overflow |= overflows(h); }
    if (trains && overflow) {
      end = updates + 1;
      reason = DIVERGED;
    }
  }

  if (lane >= tiles[tile + 3]) {
    return;
  }
  put(index, 0, a);
  if (BLOCKS > 1) { put(index, 1, b); }
  if (BLOCKS > 2) { put(index, 2, c); }
  if (BLOCKS > 3) { put(index, 3, d); }
  if (BLOCKS > 4) { put(index, 4, e); }
  if (BLOCKS > 5) { put(index, 5, f); }
  if (BLOCKS > 6) { put(index, 6, g); }
  if (BLOCKS > 7) { put(index, 7, h); }
  if (reason != 0) {
    atomicStore(&horizon[2 * index], end);
    atomicStore(&horizon[2 * index + 1], reason);
  }
}
