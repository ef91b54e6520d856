// Descent steps of ReLU networks with one hidden layer, f(x) = A v^T [U x]+, forward, back and update in one dispatch,
// each run by one invocation, in displacements from w(0):
//
//   Z = U0 x   dZ = dU x   f0 = v0^T [Z]+   df = dv^T [Z]+ + v^T dH,   dH = [Z + dZ]+ - [Z]+
//   s = dL/df   G_U[u, i] = sum over samples of B[u] x[i],  B = 1[Z + dZ > 0] v s   G_v = sum of s [Z + dZ]+
//   D <- D - rate scale G - decay W,   W = W0 + D
//
//   X [data, samples, inputs]   y [targets, samples]
//   start [runs, parameters]: W0, state [runs, stride]: D; U [units, inputs], then v
//
// All weights and all sums of a run are in registers, four inputs a vector, from the first update to the last: an input is
// loaded once for all units, forwards and back, and by one of four neighbours, who trade it for the others'. Inputs and units
// past the end are zeros, and change nothing. That pays where a load costs far more than a product. A workgroup owns the
// runs of a tile (x: entry of the tile table); the invocations left over repeat the last run and write nothing. A
// run that has ended is carried along, unchanged.
//
// Sums run in index order: |error of G| <= gamma(batch + 1) |B| |X|^T, and what the errors of f make of it, gamma(2 units +
// 2 inputs + 6) of the sum of absolute terms. The bits are those of the layers one after the other, where neighbours trade
// rows (src/layers, relu_output.wgsl, relu_update.wgsl).
//
// SHUFFLED: one update, of a minibatch. Else as many updates of full batches as step.order says; a run that diverges or,
// with STOPS, reaches its stop loss, as stop_check.wgsl of four lanes adds it up, stops there.

// use ending
// use finite
// use input_vectors
// use losses
// use minibatch
// use rectifier
// use run_parameters

struct Params {
  samples: u32,
  // Shuffle streams in the order table.
  streams: u32,
  // Floats of a run's state; weights.
  stride: u32,
  parameters: u32,
  // Inputs and hidden units.
  fan_in: u32,
  fan_out: u32,
}

override SUBTRACT: bool = false;
override STOPS: bool = false;
// Vectors of four inputs, at most 5, and room for units, 4, 8 or 12.
override BLOCKS: u32 = 5;
override UNITS: u32 = 12;

// Lanes of a vector, four or eight: runs that a tile has room for.
override LANES: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read> start: array<f32>;
@group(0) @binding(8) var<storage, read_write> state: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(9) var<storage, read_write> horizon: array<atomic<u32>>;

// A number of each input.
struct Inputs {
  a: vec4f,
  b: vec4f,
  c: vec4f,
  d: vec4f,
  e: vec4f,
}

// A number of each weight of four units, unit by unit.
struct Four {
  first: Inputs,
  second: Inputs,
  third: Inputs,
  fourth: Inputs,
}

const NO_INPUTS = Inputs(vec4f(), vec4f(), vec4f(), vec4f(), vec4f());
const NO_FOUR = Four(NO_INPUTS, NO_INPUTS, NO_INPUTS, NO_INPUTS);

// The weights at w(0) and their displacements: five vectors a unit, then those to the output. A loop fills them, so that
// loads from buffers are compiled once; everything else names their places.
var<private> started: array<vec4f, 63>;
var<private> displaced: array<vec4f, 63>;

// Place of a weight of a run, and whether it is there: of hidden units in vectors 0 .. 59, to the output in the rest.
struct Place {
  at: u32,
  is_there: bool,
}

fn place_of(vector: u32, k: u32) -> Place {
  let n = params.fan_in;
  let m = params.fan_out;
  if (vector < 60) {
    let unit = vector / 5;
    let i = 4 * (vector % 5) + k;
    return Place(unit * n + i, unit < m && i < n);
  }
  let unit = 4 * (vector - 60) + k;
  return Place(n * m + unit, unit < m);
}

// Vectors without a weight stay zeros.
fn fill(first: u32, own: u32) {
  for (var vector = 0u; vector < 63; vector++) {
    if (place_of(vector, 0).is_there) {
      var before = vec4f();
      var moved = vec4f();
      for (var k = 0u; k < 4; k++) {
        let place = place_of(vector, k);
        if (place.is_there) {
          before[k] = start[first + place.at];
          moved[k] = state[own + place.at];
        }
      }
      started[vector] = before;
      displaced[vector] = moved;
    }
  }
}

fn put(own: u32) {
  for (var vector = 0u; vector < 63; vector++) {
    if (place_of(vector, 0).is_there) {
      let moved = displaced[vector];
      for (var k = 0u; k < 4; k++) {
        let place = place_of(vector, k);
        if (place.is_there) {
          state[own + place.at] = moved[k];
        }
      }
    }
  }
}

fn inputs_count() -> u32 {
  return params.fan_in;
}

fn sample_inputs(at: u32, lane: u32) -> Inputs {
  var b = vec4f(); var c = vec4f(); var d = vec4f(); var e = vec4f();
  if (BLOCKS > 1) { b = inputs_of(at, 1, lane); }
  if (BLOCKS > 2) { c = inputs_of(at, 2, lane); }
  if (BLOCKS > 3) { d = inputs_of(at, 3, lane); }
  if (BLOCKS > 4) { e = inputs_of(at, 4, lane); }
  return Inputs(inputs_of(at, 0, lane), b, c, d, e);
}

// w.x, in index order. What BLOCKS leaves out is chosen away, not branched around: a variable costs more than a sum.
fn dotted(w: Inputs, x: Inputs) -> f32 {
  let a = plus_products(0.0, w.a, x.a);
  let b = select(a, plus_products(a, w.b, x.b), BLOCKS > 1);
  let c = select(b, plus_products(b, w.c, x.c), BLOCKS > 2);
  let d = select(c, plus_products(c, w.d, x.d), BLOCKS > 3);
  return select(d, plus_products(d, w.e, x.e), BLOCKS > 4);
}

fn through(four: Four, x: Inputs) -> vec4f {
  return vec4f(dotted(four.first, x), dotted(four.second, x), dotted(four.third, x), dotted(four.fourth, x));
}

fn plus_scaled(sums: Inputs, x: Inputs, b: f32) -> Inputs {
  return Inputs(
    sums.a + x.a * b, select(sums.b, sums.b + x.b * b, BLOCKS > 1), select(sums.c, sums.c + x.c * b, BLOCKS > 2),
    select(sums.d, sums.d + x.d * b, BLOCKS > 3), select(sums.e, sums.e + x.e * b, BLOCKS > 4));
}

fn plus_outer(sums: Four, x: Inputs, b: vec4f) -> Four {
  return Four(
    plus_scaled(sums.first, x, b.x), plus_scaled(sums.second, x, b.y), plus_scaled(sums.third, x, b.z),
    plus_scaled(sums.fourth, x, b.w));
}

// dH: where a unit is active before and after, the change itself; else one of the two is zero.
fn change_of(Z: vec4f, dZ: vec4f) -> vec4f {
  let end = Z + dZ;
  return select(positive4(end) - positive4(Z), dZ, (Z > vec4f()) & (end > vec4f()));
}

// f0 and df after four more units of weights v0 and displacements dv.
fn output(before: vec2f, v0: vec4f, dv: vec4f, Z: vec4f, dZ: vec4f) -> vec2f {
  let v = v0 + dv;
  let H0 = positive4(Z);
  let dH = change_of(Z, dZ);
  var f0 = before.x;
  f0 += v0.x * H0.x;
  f0 += v0.y * H0.y;
  f0 += v0.z * H0.z;
  f0 += v0.w * H0.w;
  var df = before.y;
  df += dv.x * H0.x;
  df += v.x * dH.x;
  df += dv.y * H0.y;
  df += v.y * dH.y;
  df += dv.z * H0.z;
  df += v.z * dH.z;
  df += dv.w * H0.w;
  df += v.w * dH.w;
  return vec2f(f0, df);
}

fn signal_of(v: vec4f, s: f32, end: vec4f) -> vec4f {
  return select(vec4f(), v * s, end > vec4f());
}

// What an update takes: step size, penalty, and whether the run still trains.
struct Update {
  rate: f32,
  decay: f32,
  trains: bool,
}

fn descended(update: Update, first: vec4f, before: vec4f, sum: vec4f) -> vec4f {
  let moved = before + (-update.rate * sum - update.decay * (first + before));
  return select(before, moved, update.trains);
}

fn descended_unit(update: Update, first: Inputs, before: Inputs, sum: Inputs) -> Inputs {
  return Inputs(
    descended(update, first.a, before.a, sum.a), descended(update, first.b, before.b, sum.b),
    descended(update, first.c, before.c, sum.c), descended(update, first.d, before.d, sum.d),
    descended(update, first.e, before.e, sum.e));
}

fn descended_four(update: Update, first: Four, before: Four, sum: Four) -> Four {
  return Four(
    descended_unit(update, first.first, before.first, sum.first),
    descended_unit(update, first.second, before.second, sum.second),
    descended_unit(update, first.third, before.third, sum.third),
    descended_unit(update, first.fourth, before.fourth, sum.fourth));
}

fn unit_overflows(unit: Inputs) -> bool {
  return !(are_finite(unit.a) & are_finite(unit.b) & are_finite(unit.c) & are_finite(unit.d) & are_finite(unit.e));
}

fn four_overflow(four: Four) -> bool {
  return unit_overflows(four.first) | unit_overflows(four.second) | unit_overflows(four.third) |
    unit_overflows(four.fourth);
}

// The loss. Whichever lane comes first, every second two make a pair, and the bits are the same.
fn loss_of(losses: vec4f) -> f32 {
  return step.scale * ((losses.x + losses.z) + (losses.y + losses.w));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = group.x * (4 + LANES);
  let run = tiles[tile + 4 + lane];
  let inputs = tiles[tile] * params.fan_in * params.samples;
  let targets = tiles[tile + 1] * params.samples;
  let stream = tiles[tile + 2];
  let numbers = runs[run];
  let rate = numbers.rate * step.scale;
  let own = run * params.stride;
  let A = numbers.output_scale;
  fill(run * params.parameters, own);
  let first_low = Four(
    Inputs(started[0], started[1], started[2], started[3], started[4]),
    Inputs(started[5], started[6], started[7], started[8], started[9]),
    Inputs(started[10], started[11], started[12], started[13], started[14]),
    Inputs(started[15], started[16], started[17], started[18], started[19]));
  let first_middle = Four(
    Inputs(started[20], started[21], started[22], started[23], started[24]),
    Inputs(started[25], started[26], started[27], started[28], started[29]),
    Inputs(started[30], started[31], started[32], started[33], started[34]),
    Inputs(started[35], started[36], started[37], started[38], started[39]));
  let first_high = Four(
    Inputs(started[40], started[41], started[42], started[43], started[44]),
    Inputs(started[45], started[46], started[47], started[48], started[49]),
    Inputs(started[50], started[51], started[52], started[53], started[54]),
    Inputs(started[55], started[56], started[57], started[58], started[59]));
  let low_v0 = started[60];
  let middle_v0 = started[61];
  let high_v0 = started[62];
  var moved_low = Four(
    Inputs(displaced[0], displaced[1], displaced[2], displaced[3], displaced[4]),
    Inputs(displaced[5], displaced[6], displaced[7], displaced[8], displaced[9]),
    Inputs(displaced[10], displaced[11], displaced[12], displaced[13], displaced[14]),
    Inputs(displaced[15], displaced[16], displaced[17], displaced[18], displaced[19]));
  var moved_middle = Four(
    Inputs(displaced[20], displaced[21], displaced[22], displaced[23], displaced[24]),
    Inputs(displaced[25], displaced[26], displaced[27], displaced[28], displaced[29]),
    Inputs(displaced[30], displaced[31], displaced[32], displaced[33], displaced[34]),
    Inputs(displaced[35], displaced[36], displaced[37], displaced[38], displaced[39]));
  var moved_high = Four(
    Inputs(displaced[40], displaced[41], displaced[42], displaced[43], displaced[44]),
    Inputs(displaced[45], displaced[46], displaced[47], displaced[48], displaced[49]),
    Inputs(displaced[50], displaced[51], displaced[52], displaced[53], displaced[54]),
    Inputs(displaced[55], displaced[56], displaced[57], displaced[58], displaced[59]));
  var low_dv = displaced[60];
  var middle_dv = displaced[61];
  var high_dv = displaced[62];
  var stop = atomicLoad(&horizon[2 * run]);
  var reason = 0u;
  var end = step.index + 1;
  if (!SHUFFLED) {
    end = step.index + step.order;
  }
  for (var updates = step.index; updates < end; updates++) {
    // Gradients, and losses as the four lanes of stop_check.wgsl add them, that of the next sample first.
    var low = NO_FOUR; var middle = NO_FOUR; var high = NO_FOUR;
    var low_top = vec4f(); var middle_top = vec4f(); var high_top = vec4f();
    var losses = vec4f();
    for (var j = 0u; j < step.size; j++) {
      let sample = sample_of(stream, j);
      let x = sample_inputs(inputs + sample * params.fan_in, lane);
      let low_Z = through(first_low, x);
      let low_dZ = through(moved_low, x);
      let low_end = low_Z + low_dZ;
      var f = output(vec2f(), low_v0, low_dv, low_Z, low_dZ);
      var alive = any(low_end > vec4f());
      var middle_end = vec4f();
      if (UNITS > 4) {
        let Z = through(first_middle, x);
        let dZ = through(moved_middle, x);
        middle_end = Z + dZ;
        f = output(f, middle_v0, middle_dv, Z, dZ);
        alive = alive | any(middle_end > vec4f());
      }
      var high_end = vec4f();
      if (UNITS > 8) {
        let Z = through(first_high, x);
        let dZ = through(moved_high, x);
        high_end = Z + dZ;
        f = output(f, high_v0, high_dv, Z, dZ);
        alive = alive | any(high_end > vec4f());
      }
      // Where every unit is inactive f is 0, not what rounding leaves; a unit of NaN is not inactive.
      let change = select(-f.x, f.y, alive | !is_finite(f.y));
      let outcome = judged(select(A * f.x, 0.0, SUBTRACT), A * change, y[targets + sample]);
      let s = outcome.y;
      if (STOPS) { losses = vec4f(losses.yzw, losses.x + outcome.x * outcome.x); }
      low = plus_outer(low, x, signal_of(low_v0 + low_dv, s, low_end));
      low_top += s * positive4(low_end);
      if (UNITS > 4) {
        middle = plus_outer(middle, x, signal_of(middle_v0 + middle_dv, s, middle_end));
        middle_top += s * positive4(middle_end);
      }
      if (UNITS > 8) {
        high = plus_outer(high, x, signal_of(high_v0 + high_dv, s, high_end));
        high_top += s * positive4(high_end);
      }
    }
    if (STOPS) {
      let loss = loss_of(losses);
      if (updates > 0 && updates < stop && is_finite(loss) && loss <= numbers.stop_loss) {
        stop = updates;
        reason = CONVERGED;
      }
    }
    let update = Update(rate, numbers.decay, updates < stop);
    moved_low = descended_four(update, first_low, moved_low, low);
    low_dv = descended(update, low_v0, low_dv, low_top);
    var overflow = four_overflow(moved_low) | !are_finite(low_dv);
    if (UNITS > 4) {
      moved_middle = descended_four(update, first_middle, moved_middle, middle);
      middle_dv = descended(update, middle_v0, middle_dv, middle_top);
      overflow = overflow | four_overflow(moved_middle) | !are_finite(middle_dv);
    }
    if (UNITS > 8) {
      moved_high = descended_four(update, first_high, moved_high, high);
      high_dv = descended(update, high_v0, high_dv, high_top);
      overflow = overflow | four_overflow(moved_high) | !are_finite(high_dv);
    }
    if (update.trains && overflow) {
      stop = updates + 1;
      reason = DIVERGED;
    }
  }
  if (lane >= tiles[tile + 3]) {
    return;
  }
  displaced[0] = moved_low.first.a; displaced[1] = moved_low.first.b; displaced[2] = moved_low.first.c; displaced[3] = moved_low.first.d; displaced[4] = moved_low.first.e;
  displaced[5] = moved_low.second.a; displaced[6] = moved_low.second.b; displaced[7] = moved_low.second.c; displaced[8] = moved_low.second.d; displaced[9] = moved_low.second.e;
  displaced[10] = moved_low.third.a; displaced[11] = moved_low.third.b; displaced[12] = moved_low.third.c; displaced[13] = moved_low.third.d; displaced[14] = moved_low.third.e;
  displaced[15] = moved_low.fourth.a; displaced[16] = moved_low.fourth.b; displaced[17] = moved_low.fourth.c; displaced[18] = moved_low.fourth.d; displaced[19] = moved_low.fourth.e;
  displaced[20] = moved_middle.first.a; displaced[21] = moved_middle.first.b; displaced[22] = moved_middle.first.c; displaced[23] = moved_middle.first.d; displaced[24] = moved_middle.first.e;
  displaced[25] = moved_middle.second.a; displaced[26] = moved_middle.second.b; displaced[27] = moved_middle.second.c; displaced[28] = moved_middle.second.d; displaced[29] = moved_middle.second.e;
  displaced[30] = moved_middle.third.a; displaced[31] = moved_middle.third.b; displaced[32] = moved_middle.third.c; displaced[33] = moved_middle.third.d; displaced[34] = moved_middle.third.e;
  displaced[35] = moved_middle.fourth.a; displaced[36] = moved_middle.fourth.b; displaced[37] = moved_middle.fourth.c; displaced[38] = moved_middle.fourth.d; displaced[39] = moved_middle.fourth.e;
  displaced[40] = moved_high.first.a; displaced[41] = moved_high.first.b; displaced[42] = moved_high.first.c; displaced[43] = moved_high.first.d; displaced[44] = moved_high.first.e;
  displaced[45] = moved_high.second.a; displaced[46] = moved_high.second.b; displaced[47] = moved_high.second.c; displaced[48] = moved_high.second.d; displaced[49] = moved_high.second.e;
  displaced[50] = moved_high.third.a; displaced[51] = moved_high.third.b; displaced[52] = moved_high.third.c; displaced[53] = moved_high.third.d; displaced[54] = moved_high.third.e;
  displaced[55] = moved_high.fourth.a; displaced[56] = moved_high.fourth.b; displaced[57] = moved_high.fourth.c; displaced[58] = moved_high.fourth.d; displaced[59] = moved_high.fourth.e;
  displaced[60] = low_dv; displaced[61] = middle_dv; displaced[62] = high_dv;
  put(own);
  if (reason != 0) {
    atomicStore(&horizon[2 * run], stop);
    atomicStore(&horizon[2 * run + 1], reason);
  }
}
