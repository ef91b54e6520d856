// Descent steps of ReLU networks with one hidden layer, f(x) = A v^T [U x]+, forward, back and update in one dispatch,
// in displacements from w(0):
//
//   Z = U0 x   dZ = dU x   f0 = v0^T [Z]+   df = dv^T [Z]+ + v^T dH,   dH = [Z + dZ]+ - [Z]+
//   s = dL/df   G_U[u, i] = sum over samples of B[u] x[i],  B = 1[Z + dZ > 0] v s   G_v = sum of s [Z + dZ]+
//   D <- D - rate scale G - decay W,   W = W0 + D
//
//   X transposed [data, inputs, samples]   y [targets, samples]
//   start [runs, parameters]: W0, state [runs, stride]: D; U [units, inputs], then v
//
// A workgroup owns one run (x: entry of the tile table). Each lane takes every LANES-th sample of the batch and keeps all
// weights and all sums in registers: an entry of X is loaded once for all units, forwards and back. Lanes are then added
// in order: |error of G| <= gamma(batch / LANES + LANES + 3) |B| |X|^T, and what the errors of f make of it,
// gamma(2 units + 2 inputs + 6) of the sum of absolute terms. The bits are those of relu_forward.wgsl, relu_output.wgsl,
// relu_backward.wgsl, the tiled relu_gradient.wgsl and relu_update.wgsl, one after the other.
//
// SHUFFLED: one update, of a minibatch. Else as many updates of full batches as step.order says; a run that diverges or,
// with STOPS, reaches its stop loss, as judge.wgsl of LANES lanes adds it up, stops there.

struct Params {
  samples: u32,
  channels: u32,
  // Shuffle streams in the order table.
  streams: u32,
  // Floats of a run's state; weights.
  stride: u32,
  parameters: u32,
  // Inputs and hidden units.
  fan_in: u32,
  fan_out: u32,
}

struct Step {
  // Updates before this one.
  index: u32,
  // The batch: entries start .. start + size of row `order` of the order table.
  start: u32,
  size: u32,
  order: u32,
  // 1 / size for a mean over the batch, 1 for a sum.
  scale: f32,
}

struct RunParameters {
  // 2 (step size) over the output scale, in the run's units.
  rate: f32,
  // beta over the product of displacement and slope, in the run's units.
  output_scale: f32,
  // 2 (step size) l2: what an update takes off each weight.
  decay: f32,
  // What decay alone adds to the conserved quantity, relatively.
  invariant_decay: f32,
  stop_loss: f32,
  // K0's largest weight: tangent kernels are kept relative to it.
  kernel_unit: f32,
  // Unit of w+ - w-, in units of the weights.
  displacement: f32,
}

override SHUFFLED: bool = false;
override LOGISTIC: bool = false;
override SUBTRACT: bool = false;
override STOPS: bool = false;
override LANES: u32 = 4;
// Inputs, at most 20, and room for units, 4, 8 or 12.
override WIDTH: u32 = 20;
override UNITS: u32 = 12;

const TILE = 12u;
const CONVERGED = 1u;
const DIVERGED = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read> start: array<f32>;
@group(0) @binding(8) var<storage, read_write> state: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(9) var<storage, read_write> horizon: array<atomic<u32>>;

// Sums of every lane: input, then unit, then lane; after the inputs those to the output.
var<workgroup> sums: array<f32, (WIDTH + 1) * UNITS * LANES>;
var<workgroup> losses: array<f32, LANES>;

// A number of every unit.
struct Units {
  low: vec4f,
  middle: vec4f,
  high: vec4f,
}

const NONE = Units(vec4f(), vec4f(), vec4f());

struct Places {
  low: vec4u,
  middle: vec4u,
  high: vec4u,
}

fn four_started(at: vec4u) -> vec4f {
  return vec4f(start[at.x], start[at.y], start[at.z], start[at.w]);
}

fn four_displaced(at: vec4u) -> vec4f {
  return vec4f(state[at.x], state[at.y], state[at.z], state[at.w]);
}

// Weights at w(0) from input i, where there is one.
fn started(first: u32, units: Places, i: u32) -> Units {
  var found = NONE;
  if (i < WIDTH) { found.low = four_started(first + units.low + i); }
  if (UNITS > 4 && i < WIDTH) { found.middle = four_started(first + units.middle + i); }
  if (UNITS > 8 && i < WIDTH) { found.high = four_started(first + units.high + i); }
  return found;
}

// Displacements of weights from input i, where there is one.
fn displaced(own: u32, units: Places, i: u32) -> Units {
  var found = NONE;
  if (i < WIDTH) { found.low = four_displaced(own + units.low + i); }
  if (UNITS > 4 && i < WIDTH) { found.middle = four_displaced(own + units.middle + i); }
  if (UNITS > 8 && i < WIDTH) { found.high = four_displaced(own + units.high + i); }
  return found;
}

fn keep_four(at: u32, value: vec4f) {
  sums[at] = value.x;
  sums[at + LANES] = value.y;
  sums[at + 2 * LANES] = value.z;
  sums[at + 3 * LANES] = value.w;
}

// Keeps a lane's sums of one input.
fn keep(i: u32, lane: u32, value: Units) {
  let at = i * UNITS * LANES + lane;
  keep_four(at, value.low);
  if (UNITS > 4) { keep_four(at + 4 * LANES, value.middle); }
  if (UNITS > 8) { keep_four(at + 8 * LANES, value.high); }
}

// dH: where a unit is active before and after, the change itself; else one of the two is zero.
fn change_of(Z: vec4f, dZ: vec4f) -> vec4f {
  let end = Z + dZ;
  return select(max(end, vec4f()) - max(Z, vec4f()), dZ, min(Z, end) > vec4f());
}

// f0 and df after four more units of weights v0 and displacements dv.
fn output(before: vec2f, v0: vec4f, dv: vec4f, Z: vec4f, dZ: vec4f) -> vec2f {
  let v = v0 + dv;
  let H0 = max(Z, vec4f());
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

// log(1 + t), 0 <= t <= 1.
fn log1p(t: f32) -> f32 {
  let s = t / (2.0 + t);
  let q = s * s;
  var sum = 0.0;
  for (var k = 25.0; k >= 1.0; k -= 2.0) {
    sum = sum * q + 1.0 / k;
  }
  return 2.0 * s * sum;
}

// Root of the loss, its slope: of the output `first + change`.
fn judged(first: f32, change: f32, label: f32) -> vec2f {
  if (LOGISTIC) {
    let z = label * (first + change);
    let small = exp(-abs(z));
    let slope = -label * select(1.0, small, z >= 0.0) / (1.0 + small);
    return vec2f(sqrt(max(0.0, -z) + log1p(small)), slope);
  }
  let residual = (first - label) + change;
  return vec2f(residual, 2.0 * residual);
}

// Never a comparison with NaN, which a compiler may assume away.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// The sample in place j of the batch.
fn sample_of(stream: u32, j: u32) -> u32 {
  let place = step.start + j;
  if (SHUFFLED) {
    return order[(step.order * params.streams + stream) * params.samples + place];
  }
  return place;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  // What a loop reads again and again is read once.
  let samples = params.samples;
  let fan_in = params.fan_in;
  let fan_out = params.fan_out;
  let size = step.size;
  let tile = group.x * TILE;
  let run = singles[tile + 4] / params.channels;
  let inputs = singles[tile] * fan_in * samples;
  let targets = singles[tile + 1] * samples;
  let stream = singles[tile + 2];
  let numbers = runs[run];
  let A = numbers.output_scale;
  let rate = numbers.rate * step.scale;
  let first = run * params.parameters;
  let own = run * params.stride;
  let top = fan_in * fan_out;

  // Units past the end repeat the last, with weights 0 to the output.
  let last = vec4u(fan_out - 1);
  let low = vec4u(0, 1, 2, 3);
  let middle = vec4u(4, 5, 6, 7);
  let high = vec4u(8, 9, 10, 11);
  let places = Places(min(low, last), min(middle, last), min(high, last));
  let units = Places(places.low * fan_in, places.middle * fan_in, places.high * fan_in);
  var v0 = started(first + top, places, 0);
  v0.low = select(vec4f(), v0.low, low <= last);
  v0.middle = select(vec4f(), v0.middle, middle <= last);
  v0.high = select(vec4f(), v0.high, high <= last);
  let start0 = started(first, units, 0);
  let start1 = started(first, units, 1);
  let start2 = started(first, units, 2);
  let start3 = started(first, units, 3);
  let start4 = started(first, units, 4);
  let start5 = started(first, units, 5);
  let start6 = started(first, units, 6);
  let start7 = started(first, units, 7);
  let start8 = started(first, units, 8);
  let start9 = started(first, units, 9);
  let start10 = started(first, units, 10);
  let start11 = started(first, units, 11);
  let start12 = started(first, units, 12);
  let start13 = started(first, units, 13);
  let start14 = started(first, units, 14);
  let start15 = started(first, units, 15);
  let start16 = started(first, units, 16);
  let start17 = started(first, units, 17);
  let start18 = started(first, units, 18);
  let start19 = started(first, units, 19);
  var end = step.index + 1;
  if (!SHUFFLED) {
    end = step.index + step.order;
  }
  for (var updates = step.index; updates < end; updates++) {
    // What other invocations wrote is there: each turn ends with a barrier.
    if (updates < atomicLoad(&horizon[2 * run])) {
      var dv = displaced(own + top, places, 0);
      dv.low = select(vec4f(), dv.low, low <= last);
      dv.middle = select(vec4f(), dv.middle, middle <= last);
      dv.high = select(vec4f(), dv.high, high <= last);
      let moved0 = displaced(own, units, 0);
      let moved1 = displaced(own, units, 1);
      let moved2 = displaced(own, units, 2);
      let moved3 = displaced(own, units, 3);
      let moved4 = displaced(own, units, 4);
      let moved5 = displaced(own, units, 5);
      let moved6 = displaced(own, units, 6);
      let moved7 = displaced(own, units, 7);
      let moved8 = displaced(own, units, 8);
      let moved9 = displaced(own, units, 9);
      let moved10 = displaced(own, units, 10);
      let moved11 = displaced(own, units, 11);
      let moved12 = displaced(own, units, 12);
      let moved13 = displaced(own, units, 13);
      let moved14 = displaced(own, units, 14);
      let moved15 = displaced(own, units, 15);
      let moved16 = displaced(own, units, 16);
      let moved17 = displaced(own, units, 17);
      let moved18 = displaced(own, units, 18);
      let moved19 = displaced(own, units, 19);
      var low0 = vec4f(); var middle0 = vec4f(); var high0 = vec4f();
      var low1 = vec4f(); var middle1 = vec4f(); var high1 = vec4f();
      var low2 = vec4f(); var middle2 = vec4f(); var high2 = vec4f();
      var low3 = vec4f(); var middle3 = vec4f(); var high3 = vec4f();
      var low4 = vec4f(); var middle4 = vec4f(); var high4 = vec4f();
      var low5 = vec4f(); var middle5 = vec4f(); var high5 = vec4f();
      var low6 = vec4f(); var middle6 = vec4f(); var high6 = vec4f();
      var low7 = vec4f(); var middle7 = vec4f(); var high7 = vec4f();
      var low8 = vec4f(); var middle8 = vec4f(); var high8 = vec4f();
      var low9 = vec4f(); var middle9 = vec4f(); var high9 = vec4f();
      var low10 = vec4f(); var middle10 = vec4f(); var high10 = vec4f();
      var low11 = vec4f(); var middle11 = vec4f(); var high11 = vec4f();
      var low12 = vec4f(); var middle12 = vec4f(); var high12 = vec4f();
      var low13 = vec4f(); var middle13 = vec4f(); var high13 = vec4f();
      var low14 = vec4f(); var middle14 = vec4f(); var high14 = vec4f();
      var low15 = vec4f(); var middle15 = vec4f(); var high15 = vec4f();
      var low16 = vec4f(); var middle16 = vec4f(); var high16 = vec4f();
      var low17 = vec4f(); var middle17 = vec4f(); var high17 = vec4f();
      var low18 = vec4f(); var middle18 = vec4f(); var high18 = vec4f();
      var low19 = vec4f(); var middle19 = vec4f(); var high19 = vec4f();
      var low_top = vec4f(); var middle_top = vec4f(); var high_top = vec4f();
      var loss = 0.0;
      for (var j = lane; j < size; j += LANES) {
        let sample = sample_of(stream, j);
        let x = inputs + sample;
        var low_Z = vec4f(); var middle_Z = vec4f(); var high_Z = vec4f();
        var low_dZ = vec4f(); var middle_dZ = vec4f(); var high_dZ = vec4f();
        var x0 = 0.0;
        if (WIDTH > 0) {
          x0 = X[x + 0 * samples]; low_Z += x0 * start0.low; low_dZ += x0 * moved0.low;
          if (UNITS > 4) { middle_Z += x0 * start0.middle; middle_dZ += x0 * moved0.middle; }
          if (UNITS > 8) { high_Z += x0 * start0.high; high_dZ += x0 * moved0.high; }
        }
        var x1 = 0.0;
        if (WIDTH > 1) {
          x1 = X[x + 1 * samples]; low_Z += x1 * start1.low; low_dZ += x1 * moved1.low;
          if (UNITS > 4) { middle_Z += x1 * start1.middle; middle_dZ += x1 * moved1.middle; }
          if (UNITS > 8) { high_Z += x1 * start1.high; high_dZ += x1 * moved1.high; }
        }
        var x2 = 0.0;
        if (WIDTH > 2) {
          x2 = X[x + 2 * samples]; low_Z += x2 * start2.low; low_dZ += x2 * moved2.low;
          if (UNITS > 4) { middle_Z += x2 * start2.middle; middle_dZ += x2 * moved2.middle; }
          if (UNITS > 8) { high_Z += x2 * start2.high; high_dZ += x2 * moved2.high; }
        }
        var x3 = 0.0;
        if (WIDTH > 3) {
          x3 = X[x + 3 * samples]; low_Z += x3 * start3.low; low_dZ += x3 * moved3.low;
          if (UNITS > 4) { middle_Z += x3 * start3.middle; middle_dZ += x3 * moved3.middle; }
          if (UNITS > 8) { high_Z += x3 * start3.high; high_dZ += x3 * moved3.high; }
        }
        var x4 = 0.0;
        if (WIDTH > 4) {
          x4 = X[x + 4 * samples]; low_Z += x4 * start4.low; low_dZ += x4 * moved4.low;
          if (UNITS > 4) { middle_Z += x4 * start4.middle; middle_dZ += x4 * moved4.middle; }
          if (UNITS > 8) { high_Z += x4 * start4.high; high_dZ += x4 * moved4.high; }
        }
        var x5 = 0.0;
        if (WIDTH > 5) {
          x5 = X[x + 5 * samples]; low_Z += x5 * start5.low; low_dZ += x5 * moved5.low;
          if (UNITS > 4) { middle_Z += x5 * start5.middle; middle_dZ += x5 * moved5.middle; }
          if (UNITS > 8) { high_Z += x5 * start5.high; high_dZ += x5 * moved5.high; }
        }
        var x6 = 0.0;
        if (WIDTH > 6) {
          x6 = X[x + 6 * samples]; low_Z += x6 * start6.low; low_dZ += x6 * moved6.low;
          if (UNITS > 4) { middle_Z += x6 * start6.middle; middle_dZ += x6 * moved6.middle; }
          if (UNITS > 8) { high_Z += x6 * start6.high; high_dZ += x6 * moved6.high; }
        }
        var x7 = 0.0;
        if (WIDTH > 7) {
          x7 = X[x + 7 * samples]; low_Z += x7 * start7.low; low_dZ += x7 * moved7.low;
          if (UNITS > 4) { middle_Z += x7 * start7.middle; middle_dZ += x7 * moved7.middle; }
          if (UNITS > 8) { high_Z += x7 * start7.high; high_dZ += x7 * moved7.high; }
        }
        var x8 = 0.0;
        if (WIDTH > 8) {
          x8 = X[x + 8 * samples]; low_Z += x8 * start8.low; low_dZ += x8 * moved8.low;
          if (UNITS > 4) { middle_Z += x8 * start8.middle; middle_dZ += x8 * moved8.middle; }
          if (UNITS > 8) { high_Z += x8 * start8.high; high_dZ += x8 * moved8.high; }
        }
        var x9 = 0.0;
        if (WIDTH > 9) {
          x9 = X[x + 9 * samples]; low_Z += x9 * start9.low; low_dZ += x9 * moved9.low;
          if (UNITS > 4) { middle_Z += x9 * start9.middle; middle_dZ += x9 * moved9.middle; }
          if (UNITS > 8) { high_Z += x9 * start9.high; high_dZ += x9 * moved9.high; }
        }
        var x10 = 0.0;
        if (WIDTH > 10) {
          x10 = X[x + 10 * samples]; low_Z += x10 * start10.low; low_dZ += x10 * moved10.low;
          if (UNITS > 4) { middle_Z += x10 * start10.middle; middle_dZ += x10 * moved10.middle; }
          if (UNITS > 8) { high_Z += x10 * start10.high; high_dZ += x10 * moved10.high; }
        }
        var x11 = 0.0;
        if (WIDTH > 11) {
          x11 = X[x + 11 * samples]; low_Z += x11 * start11.low; low_dZ += x11 * moved11.low;
          if (UNITS > 4) { middle_Z += x11 * start11.middle; middle_dZ += x11 * moved11.middle; }
          if (UNITS > 8) { high_Z += x11 * start11.high; high_dZ += x11 * moved11.high; }
        }
        var x12 = 0.0;
        if (WIDTH > 12) {
          x12 = X[x + 12 * samples]; low_Z += x12 * start12.low; low_dZ += x12 * moved12.low;
          if (UNITS > 4) { middle_Z += x12 * start12.middle; middle_dZ += x12 * moved12.middle; }
          if (UNITS > 8) { high_Z += x12 * start12.high; high_dZ += x12 * moved12.high; }
        }
        var x13 = 0.0;
        if (WIDTH > 13) {
          x13 = X[x + 13 * samples]; low_Z += x13 * start13.low; low_dZ += x13 * moved13.low;
          if (UNITS > 4) { middle_Z += x13 * start13.middle; middle_dZ += x13 * moved13.middle; }
          if (UNITS > 8) { high_Z += x13 * start13.high; high_dZ += x13 * moved13.high; }
        }
        var x14 = 0.0;
        if (WIDTH > 14) {
          x14 = X[x + 14 * samples]; low_Z += x14 * start14.low; low_dZ += x14 * moved14.low;
          if (UNITS > 4) { middle_Z += x14 * start14.middle; middle_dZ += x14 * moved14.middle; }
          if (UNITS > 8) { high_Z += x14 * start14.high; high_dZ += x14 * moved14.high; }
        }
        var x15 = 0.0;
        if (WIDTH > 15) {
          x15 = X[x + 15 * samples]; low_Z += x15 * start15.low; low_dZ += x15 * moved15.low;
          if (UNITS > 4) { middle_Z += x15 * start15.middle; middle_dZ += x15 * moved15.middle; }
          if (UNITS > 8) { high_Z += x15 * start15.high; high_dZ += x15 * moved15.high; }
        }
        var x16 = 0.0;
        if (WIDTH > 16) {
          x16 = X[x + 16 * samples]; low_Z += x16 * start16.low; low_dZ += x16 * moved16.low;
          if (UNITS > 4) { middle_Z += x16 * start16.middle; middle_dZ += x16 * moved16.middle; }
          if (UNITS > 8) { high_Z += x16 * start16.high; high_dZ += x16 * moved16.high; }
        }
        var x17 = 0.0;
        if (WIDTH > 17) {
          x17 = X[x + 17 * samples]; low_Z += x17 * start17.low; low_dZ += x17 * moved17.low;
          if (UNITS > 4) { middle_Z += x17 * start17.middle; middle_dZ += x17 * moved17.middle; }
          if (UNITS > 8) { high_Z += x17 * start17.high; high_dZ += x17 * moved17.high; }
        }
        var x18 = 0.0;
        if (WIDTH > 18) {
          x18 = X[x + 18 * samples]; low_Z += x18 * start18.low; low_dZ += x18 * moved18.low;
          if (UNITS > 4) { middle_Z += x18 * start18.middle; middle_dZ += x18 * moved18.middle; }
          if (UNITS > 8) { high_Z += x18 * start18.high; high_dZ += x18 * moved18.high; }
        }
        var x19 = 0.0;
        if (WIDTH > 19) {
          x19 = X[x + 19 * samples]; low_Z += x19 * start19.low; low_dZ += x19 * moved19.low;
          if (UNITS > 4) { middle_Z += x19 * start19.middle; middle_dZ += x19 * moved19.middle; }
          if (UNITS > 8) { high_Z += x19 * start19.high; high_dZ += x19 * moved19.high; }
        }
        var f = output(vec2f(), v0.low, dv.low, low_Z, low_dZ);
        let low_end = low_Z + low_dZ;
        let middle_end = middle_Z + middle_dZ;
        let high_end = high_Z + high_dZ;
        var alive = any(low_end > vec4f());
        if (UNITS > 4) {
          f = output(f, v0.middle, dv.middle, middle_Z, middle_dZ);
          alive = alive || any(middle_end > vec4f());
        }
        if (UNITS > 8) {
          f = output(f, v0.high, dv.high, high_Z, high_dZ);
          alive = alive || any(high_end > vec4f());
        }
        // Where every unit is inactive f is 0, not what rounding leaves.
        let change = select(-f.x, f.y, alive);
        let outcome = judged(select(A * f.x, 0.0, SUBTRACT), A * change, y[targets + sample]);
        loss += outcome.x * outcome.x;
        let s = outcome.y;
        let low_B = select(vec4f(), (v0.low + dv.low) * s, low_end > vec4f());
        let middle_B = select(vec4f(), (v0.middle + dv.middle) * s, middle_end > vec4f());
        let high_B = select(vec4f(), (v0.high + dv.high) * s, high_end > vec4f());
        low_top += s * max(low_end, vec4f());
        if (UNITS > 4) { middle_top += s * max(middle_end, vec4f()); }
        if (UNITS > 8) { high_top += s * max(high_end, vec4f()); }
        if (WIDTH > 0) { low0 += x0 * low_B; if (UNITS > 4) { middle0 += x0 * middle_B; } if (UNITS > 8) { high0 += x0 * high_B; } }
        if (WIDTH > 1) { low1 += x1 * low_B; if (UNITS > 4) { middle1 += x1 * middle_B; } if (UNITS > 8) { high1 += x1 * high_B; } }
        if (WIDTH > 2) { low2 += x2 * low_B; if (UNITS > 4) { middle2 += x2 * middle_B; } if (UNITS > 8) { high2 += x2 * high_B; } }
        if (WIDTH > 3) { low3 += x3 * low_B; if (UNITS > 4) { middle3 += x3 * middle_B; } if (UNITS > 8) { high3 += x3 * high_B; } }
        if (WIDTH > 4) { low4 += x4 * low_B; if (UNITS > 4) { middle4 += x4 * middle_B; } if (UNITS > 8) { high4 += x4 * high_B; } }
        if (WIDTH > 5) { low5 += x5 * low_B; if (UNITS > 4) { middle5 += x5 * middle_B; } if (UNITS > 8) { high5 += x5 * high_B; } }
        if (WIDTH > 6) { low6 += x6 * low_B; if (UNITS > 4) { middle6 += x6 * middle_B; } if (UNITS > 8) { high6 += x6 * high_B; } }
        if (WIDTH > 7) { low7 += x7 * low_B; if (UNITS > 4) { middle7 += x7 * middle_B; } if (UNITS > 8) { high7 += x7 * high_B; } }
        if (WIDTH > 8) { low8 += x8 * low_B; if (UNITS > 4) { middle8 += x8 * middle_B; } if (UNITS > 8) { high8 += x8 * high_B; } }
        if (WIDTH > 9) { low9 += x9 * low_B; if (UNITS > 4) { middle9 += x9 * middle_B; } if (UNITS > 8) { high9 += x9 * high_B; } }
        if (WIDTH > 10) { low10 += x10 * low_B; if (UNITS > 4) { middle10 += x10 * middle_B; } if (UNITS > 8) { high10 += x10 * high_B; } }
        if (WIDTH > 11) { low11 += x11 * low_B; if (UNITS > 4) { middle11 += x11 * middle_B; } if (UNITS > 8) { high11 += x11 * high_B; } }
        if (WIDTH > 12) { low12 += x12 * low_B; if (UNITS > 4) { middle12 += x12 * middle_B; } if (UNITS > 8) { high12 += x12 * high_B; } }
        if (WIDTH > 13) { low13 += x13 * low_B; if (UNITS > 4) { middle13 += x13 * middle_B; } if (UNITS > 8) { high13 += x13 * high_B; } }
        if (WIDTH > 14) { low14 += x14 * low_B; if (UNITS > 4) { middle14 += x14 * middle_B; } if (UNITS > 8) { high14 += x14 * high_B; } }
        if (WIDTH > 15) { low15 += x15 * low_B; if (UNITS > 4) { middle15 += x15 * middle_B; } if (UNITS > 8) { high15 += x15 * high_B; } }
        if (WIDTH > 16) { low16 += x16 * low_B; if (UNITS > 4) { middle16 += x16 * middle_B; } if (UNITS > 8) { high16 += x16 * high_B; } }
        if (WIDTH > 17) { low17 += x17 * low_B; if (UNITS > 4) { middle17 += x17 * middle_B; } if (UNITS > 8) { high17 += x17 * high_B; } }
        if (WIDTH > 18) { low18 += x18 * low_B; if (UNITS > 4) { middle18 += x18 * middle_B; } if (UNITS > 8) { high18 += x18 * high_B; } }
        if (WIDTH > 19) { low19 += x19 * low_B; if (UNITS > 4) { middle19 += x19 * middle_B; } if (UNITS > 8) { high19 += x19 * high_B; } }
      }
      if (WIDTH > 0) { keep(0, lane, Units(low0, middle0, high0)); }
      if (WIDTH > 1) { keep(1, lane, Units(low1, middle1, high1)); }
      if (WIDTH > 2) { keep(2, lane, Units(low2, middle2, high2)); }
      if (WIDTH > 3) { keep(3, lane, Units(low3, middle3, high3)); }
      if (WIDTH > 4) { keep(4, lane, Units(low4, middle4, high4)); }
      if (WIDTH > 5) { keep(5, lane, Units(low5, middle5, high5)); }
      if (WIDTH > 6) { keep(6, lane, Units(low6, middle6, high6)); }
      if (WIDTH > 7) { keep(7, lane, Units(low7, middle7, high7)); }
      if (WIDTH > 8) { keep(8, lane, Units(low8, middle8, high8)); }
      if (WIDTH > 9) { keep(9, lane, Units(low9, middle9, high9)); }
      if (WIDTH > 10) { keep(10, lane, Units(low10, middle10, high10)); }
      if (WIDTH > 11) { keep(11, lane, Units(low11, middle11, high11)); }
      if (WIDTH > 12) { keep(12, lane, Units(low12, middle12, high12)); }
      if (WIDTH > 13) { keep(13, lane, Units(low13, middle13, high13)); }
      if (WIDTH > 14) { keep(14, lane, Units(low14, middle14, high14)); }
      if (WIDTH > 15) { keep(15, lane, Units(low15, middle15, high15)); }
      if (WIDTH > 16) { keep(16, lane, Units(low16, middle16, high16)); }
      if (WIDTH > 17) { keep(17, lane, Units(low17, middle17, high17)); }
      if (WIDTH > 18) { keep(18, lane, Units(low18, middle18, high18)); }
      if (WIDTH > 19) { keep(19, lane, Units(low19, middle19, high19)); }
      keep(WIDTH, lane, Units(low_top, middle_top, high_top));
      losses[lane] = loss;
    }
    workgroupBarrier();
    if (STOPS) {
      if (lane == 0 && updates > 0 && updates < atomicLoad(&horizon[2 * run])) {
        for (var half = LANES / 2; half > 0; half /= 2) {
          for (var other = 0u; other < half; other++) {
            losses[other] += losses[other + half];
          }
        }
        if (step.scale * losses[0] <= numbers.stop_loss) {
          atomicStore(&horizon[2 * run], updates);
          atomicStore(&horizon[2 * run + 1], CONVERGED);
        }
      }
      storageBarrier();
    }
    if (updates < atomicLoad(&horizon[2 * run])) {
      for (var place = lane; place < params.parameters; place += LANES) {
        var unit = place / fan_in;
        var i = place % fan_in;
        if (place >= top) {
          unit = place - top;
          i = fan_in;
        }
        let at = (i * UNITS + unit) * LANES;
        var sum = 0.0;
        for (var other = 0u; other < LANES; other++) {
          sum += sums[at + other];
        }
        let before = state[own + place];
        let moved = before + (-rate * sum - numbers.decay * (start[first + place] + before));
        if (!is_finite(moved)) {
          atomicMin(&horizon[2 * run], updates + 1);
          atomicMax(&horizon[2 * run + 1], DIVERGED);
        }
        state[own + place] = moved;
      }
    }
    storageBarrier();
  }
}
