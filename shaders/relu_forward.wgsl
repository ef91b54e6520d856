// One layer of ReLU networks, as its change since w(0), one network a run and copy:
//
//   dZ = D H0 + W dH,   H0 = [Z0]+,   H = [Z0 + dZ below]+,   dH = H - H0
//
//   base [runs, units, samples]: Z0, pre-activations at w(0)   z [runs, copies, units, capacity]: dZ; units are all
//   hidden ones and the output   start, D = state, W = weights: layers [fan_out, fan_in] from `offset` on
//   FIRST: the layer below is the input X transposed [data, inputs, samples], which does not change: dZ = D X.
//   START: nothing is known of Z0 yet: z becomes W [z below]+, W bound as `state`, which is Z0 itself.
//
// So a change far smaller than what it changes keeps its digits, and where both copies start alike their difference
// cancels nothing. Where every unit below is inactive dZ = -Z0, so that Z is 0 and not what rounding leaves. Sums run over the layer below in index order, D H0 before W dH, in every variant:
// |error| <= gamma(2 fan_in + 2) (|D| |H0| + |W| |dH|), and what the errors of dZ below make of it.
//
//   plain   an invocation owns one sample (x) of one unit (y) of one network (z: entry of the tile table and copy)
//   tiled   an invocation owns WIDTH samples x UNITS units in registers; its samples lie LANES apart

// use minibatch
// use rectifier
// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of z has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
  copies: u32,
  // Rows of z a network: hidden units, then the output.
  units: u32,
  // Floats of a run's state; weights of one copy.
  stride: u32,
  parameters: u32,
  // The layer: its first weight, its units below and above, and the first rows of both.
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

override LANES: u32 = 64;
override FIRST: bool = false;
override START: bool = false;
// Samples, at most 10, and units, 1, 4, 8 or 12, that an invocation of `tiled` owns.
override WIDTH: u32 = 8;
override UNITS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> base: array<f32>;
@group(0) @binding(6) var<storage, read> state: array<f32>;
@group(0) @binding(7) var<storage, read> weights: array<f32>;
@group(0) @binding(8) var<storage, read_write> z: array<f32>;

// Where one network's numbers lie.
struct Network {
  tile: u32,
  // First entries: inputs of the data, Z0 below and above, dZ, D and W of the layer.
  x: u32,
  base: u32,
  base_above: u32,
  z: u32,
  state: u32,
  weights: u32,
}

fn network(entry: u32) -> Network {
  let tile = entry / params.copies * TILE;
  let copy = entry % params.copies;
  let run = singles[tile + 4] / params.channels;
  let own = run * params.copies + copy;
  return Network(
    tile,
    singles[tile] * params.inputs * params.samples,
    (run * params.units + params.below) * params.samples,
    (run * params.units + params.above) * params.samples,
    own * params.units * params.capacity,
    run * params.stride + copy * params.parameters + params.offset,
    own * params.parameters + params.offset,
  );
}

// dH: where a unit is active before and after, the change itself; else one of the two is zero.
fn change_of(start: f32, change: f32) -> f32 {
  let end = start + change;
  return select(positive(end) - positive(start), change, (start > 0.0) & (end > 0.0));
}

// What a layer takes in at the first layer or at w(0), from its place.
fn taken(at: u32) -> f32 {
  if (FIRST) {
    return X[at];
  }
  return positive(z[at]);
}

@compute @workgroup_size(LANES)
fn plain(@builtin(global_invocation_id) id: vec3u) {
  let own = network(id.z);
  let j = id.x;
  if (j >= step.size) {
    return;
  }
  let sample = sample_of(singles[own.tile + 2], j);
  let row = id.y * params.fan_in;
  let D = own.state + row;
  let W = own.weights + row;
  // What a loop reads again and again is read once.
  let fan_in = params.fan_in;
  let samples = params.samples;
  let x_row = select(params.capacity, samples, FIRST);
  var x = select(own.z + params.below * params.capacity + j, own.x + sample, FIRST);
  var before = own.base + sample;
  var sum = 0.0;
  var alive = 0u;
  for (var i = 0u; i < fan_in; i++) {
    if (FIRST || START) {
      sum += state[D + i] * taken(x);
    } else {
      let start = base[before];
      let change = z[x];
      alive |= bitcast<u32>(positive(start + change));
      sum += state[D + i] * positive(start);
      sum += weights[W + i] * change_of(start, change);
    }
    x += x_row;
    before += samples;
  }
  put(own, id.y, j, sample, sum, alive);
}

// `alive`: the bits of all activations below, none but zeros where nothing comes through.
fn put(own: Network, unit: u32, j: u32, sample: u32, value: f32, alive: u32) {
  if (j < step.size) {
    var change = value;
    if (!FIRST && !START && alive == 0) {
      change = -base[own.base_above + unit * params.samples + sample];
    }
    z[own.z + (params.above + unit) * params.capacity + j] = change;
  }
}

// Where the rows of four units begin in z and base. Units past the end repeat the last.
struct Rows {
  z: vec4u,
  base: vec4u,
}

fn rows_of(own: Network, unit: vec4u) -> Rows {
  return Rows(own.z + (params.above + unit) * params.capacity, own.base_above + unit * params.samples);
}

// Writes the changes of four units; a unit that is repeated gets its value again.
fn put4(rows: Rows, size: u32, j: u32, sample: u32, value: vec4f, alive: u32) {
  if (j < size) {
    var change = value;
    if (!FIRST && !START && alive == 0) {
      let at = rows.base + sample;
      change = -vec4f(base[at.x], base[at.y], base[at.z], base[at.w]);
    }
    let at = rows.z + j;
    z[at.x] = change.x;
    if (UNITS > 1) {
      z[at.y] = change.y;
      z[at.z] = change.z;
      z[at.w] = change.w;
    }
  }
}

@compute @workgroup_size(LANES)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let own = network(group.z);
  let j = group.x * WIDTH * LANES + lane.x;
  // A ragged batch may leave whole groups without samples.
  if (group.x * WIDTH * LANES >= step.size) {
    return;
  }
  // What a loop reads again and again is read once.
  let size = step.size;
  let end = size - 1;
  let fan_in = params.fan_in;
  let samples = params.samples;
  let stream = singles[own.tile + 2];
  let place0 = min(j + 0 * LANES, end);
  let place1 = min(j + 1 * LANES, end);
  let place2 = min(j + 2 * LANES, end);
  let place3 = min(j + 3 * LANES, end);
  let place4 = min(j + 4 * LANES, end);
  let place5 = min(j + 5 * LANES, end);
  let place6 = min(j + 6 * LANES, end);
  let place7 = min(j + 7 * LANES, end);
  let place8 = min(j + 8 * LANES, end);
  let place9 = min(j + 9 * LANES, end);
  let sample0 = sample_of(stream, place0);
  let sample1 = sample_of(stream, place1);
  let sample2 = sample_of(stream, place2);
  let sample3 = sample_of(stream, place3);
  let sample4 = sample_of(stream, place4);
  let sample5 = sample_of(stream, place5);
  let sample6 = sample_of(stream, place6);
  let sample7 = sample_of(stream, place7);
  let sample8 = sample_of(stream, place8);
  let sample9 = sample_of(stream, place9);
  let last = vec4u(params.fan_out - 1);
  let unit = group.y * UNITS;
  let low_units = min(unit + vec4u(0, 1, 2, 3), last);
  let middle_units = min(unit + vec4u(4, 5, 6, 7), last);
  let high_units = min(unit + vec4u(8, 9, 10, 11), last);
  let low_rows = low_units * fan_in;
  let middle_rows = middle_units * fan_in;
  let high_rows = high_units * fan_in;
  let low_above = rows_of(own, low_units);
  let middle_above = rows_of(own, middle_units);
  let high_above = rows_of(own, high_units);
  var x = select(own.z + params.below * params.capacity, own.x, FIRST);
  let x_row = select(params.capacity, params.samples, FIRST);
  var before = own.base;

  var low0 = vec4f(); var middle0 = vec4f(); var high0 = vec4f(); var alive0 = 0u;
  var low1 = vec4f(); var middle1 = vec4f(); var high1 = vec4f(); var alive1 = 0u;
  var low2 = vec4f(); var middle2 = vec4f(); var high2 = vec4f(); var alive2 = 0u;
  var low3 = vec4f(); var middle3 = vec4f(); var high3 = vec4f(); var alive3 = 0u;
  var low4 = vec4f(); var middle4 = vec4f(); var high4 = vec4f(); var alive4 = 0u;
  var low5 = vec4f(); var middle5 = vec4f(); var high5 = vec4f(); var alive5 = 0u;
  var low6 = vec4f(); var middle6 = vec4f(); var high6 = vec4f(); var alive6 = 0u;
  var low7 = vec4f(); var middle7 = vec4f(); var high7 = vec4f(); var alive7 = 0u;
  var low8 = vec4f(); var middle8 = vec4f(); var high8 = vec4f(); var alive8 = 0u;
  var low9 = vec4f(); var middle9 = vec4f(); var high9 = vec4f(); var alive9 = 0u;

  for (var i = 0u; i < fan_in; i++) {
    let d = own.state + i;
    var low = vec4f(state[d + low_rows.x]);
    if (UNITS > 1) {
      low = vec4f(low.x, state[d + low_rows.y], state[d + low_rows.z], state[d + low_rows.w]);
    }
    var middle: vec4f;
    var high: vec4f;
    if (UNITS > 4) {
      middle = vec4f(
        state[d + middle_rows.x], state[d + middle_rows.y], state[d + middle_rows.z], state[d + middle_rows.w]);
    }
    if (UNITS > 8) {
      high = vec4f(
        state[d + high_rows.x], state[d + high_rows.y], state[d + high_rows.z], state[d + high_rows.w]);
    }
    if (FIRST || START) {
      { let h = taken(x + select(place0, sample0, FIRST)); low0 += h * low; if (UNITS > 4) { middle0 += h * middle; } if (UNITS > 8) { high0 += h * high; } }
      if (WIDTH > 1) { let h = taken(x + select(place1, sample1, FIRST)); low1 += h * low; if (UNITS > 4) { middle1 += h * middle; } if (UNITS > 8) { high1 += h * high; } }
      if (WIDTH > 2) { let h = taken(x + select(place2, sample2, FIRST)); low2 += h * low; if (UNITS > 4) { middle2 += h * middle; } if (UNITS > 8) { high2 += h * high; } }
      if (WIDTH > 3) { let h = taken(x + select(place3, sample3, FIRST)); low3 += h * low; if (UNITS > 4) { middle3 += h * middle; } if (UNITS > 8) { high3 += h * high; } }
      if (WIDTH > 4) { let h = taken(x + select(place4, sample4, FIRST)); low4 += h * low; if (UNITS > 4) { middle4 += h * middle; } if (UNITS > 8) { high4 += h * high; } }
      if (WIDTH > 5) { let h = taken(x + select(place5, sample5, FIRST)); low5 += h * low; if (UNITS > 4) { middle5 += h * middle; } if (UNITS > 8) { high5 += h * high; } }
      if (WIDTH > 6) { let h = taken(x + select(place6, sample6, FIRST)); low6 += h * low; if (UNITS > 4) { middle6 += h * middle; } if (UNITS > 8) { high6 += h * high; } }
      if (WIDTH > 7) { let h = taken(x + select(place7, sample7, FIRST)); low7 += h * low; if (UNITS > 4) { middle7 += h * middle; } if (UNITS > 8) { high7 += h * high; } }
      if (WIDTH > 8) { let h = taken(x + select(place8, sample8, FIRST)); low8 += h * low; if (UNITS > 4) { middle8 += h * middle; } if (UNITS > 8) { high8 += h * high; } }
      if (WIDTH > 9) { let h = taken(x + select(place9, sample9, FIRST)); low9 += h * low; if (UNITS > 4) { middle9 += h * middle; } if (UNITS > 8) { high9 += h * high; } }
    } else {
      let w = own.weights + i;
      var low_w = vec4f(weights[w + low_rows.x]);
      if (UNITS > 1) {
        low_w = vec4f(low_w.x, weights[w + low_rows.y], weights[w + low_rows.z], weights[w + low_rows.w]);
      }
      var middle_w: vec4f;
      var high_w: vec4f;
      if (UNITS > 4) {
        middle_w = vec4f(
          weights[w + middle_rows.x], weights[w + middle_rows.y],
          weights[w + middle_rows.z], weights[w + middle_rows.w]);
      }
      if (UNITS > 8) {
        high_w = vec4f(
          weights[w + high_rows.x], weights[w + high_rows.y], weights[w + high_rows.z], weights[w + high_rows.w]);
      }
      {
        let start = base[before + sample0]; let change = z[x + place0]; alive0 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low0 += h * low; low0 += dh * low_w; if (UNITS > 4) { middle0 += h * middle; middle0 += dh * middle_w; } if (UNITS > 8) { high0 += h * high; high0 += dh * high_w; }
      }
      if (WIDTH > 1) {
        let start = base[before + sample1]; let change = z[x + place1]; alive1 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low1 += h * low; low1 += dh * low_w; if (UNITS > 4) { middle1 += h * middle; middle1 += dh * middle_w; } if (UNITS > 8) { high1 += h * high; high1 += dh * high_w; }
      }
      if (WIDTH > 2) {
        let start = base[before + sample2]; let change = z[x + place2]; alive2 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low2 += h * low; low2 += dh * low_w; if (UNITS > 4) { middle2 += h * middle; middle2 += dh * middle_w; } if (UNITS > 8) { high2 += h * high; high2 += dh * high_w; }
      }
      if (WIDTH > 3) {
        let start = base[before + sample3]; let change = z[x + place3]; alive3 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low3 += h * low; low3 += dh * low_w; if (UNITS > 4) { middle3 += h * middle; middle3 += dh * middle_w; } if (UNITS > 8) { high3 += h * high; high3 += dh * high_w; }
      }
      if (WIDTH > 4) {
        let start = base[before + sample4]; let change = z[x + place4]; alive4 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low4 += h * low; low4 += dh * low_w; if (UNITS > 4) { middle4 += h * middle; middle4 += dh * middle_w; } if (UNITS > 8) { high4 += h * high; high4 += dh * high_w; }
      }
      if (WIDTH > 5) {
        let start = base[before + sample5]; let change = z[x + place5]; alive5 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low5 += h * low; low5 += dh * low_w; if (UNITS > 4) { middle5 += h * middle; middle5 += dh * middle_w; } if (UNITS > 8) { high5 += h * high; high5 += dh * high_w; }
      }
      if (WIDTH > 6) {
        let start = base[before + sample6]; let change = z[x + place6]; alive6 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low6 += h * low; low6 += dh * low_w; if (UNITS > 4) { middle6 += h * middle; middle6 += dh * middle_w; } if (UNITS > 8) { high6 += h * high; high6 += dh * high_w; }
      }
      if (WIDTH > 7) {
        let start = base[before + sample7]; let change = z[x + place7]; alive7 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low7 += h * low; low7 += dh * low_w; if (UNITS > 4) { middle7 += h * middle; middle7 += dh * middle_w; } if (UNITS > 8) { high7 += h * high; high7 += dh * high_w; }
      }
      if (WIDTH > 8) {
        let start = base[before + sample8]; let change = z[x + place8]; alive8 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low8 += h * low; low8 += dh * low_w; if (UNITS > 4) { middle8 += h * middle; middle8 += dh * middle_w; } if (UNITS > 8) { high8 += h * high; high8 += dh * high_w; }
      }
      if (WIDTH > 9) {
        let start = base[before + sample9]; let change = z[x + place9]; alive9 |= bitcast<u32>(positive(start + change)); let h = positive(start); let dh = change_of(start, change);
        low9 += h * low; low9 += dh * low_w; if (UNITS > 4) { middle9 += h * middle; middle9 += dh * middle_w; } if (UNITS > 8) { high9 += h * high; high9 += dh * high_w; }
      }
      before += samples;
    }
    x += x_row;
  }
  { put4(low_above, size, j + 0 * LANES, sample0, low0, alive0); if (UNITS > 4) { put4(middle_above, size, j + 0 * LANES, sample0, middle0, alive0); } if (UNITS > 8) { put4(high_above, size, j + 0 * LANES, sample0, high0, alive0); } }
  if (WIDTH > 1) { put4(low_above, size, j + 1 * LANES, sample1, low1, alive1); if (UNITS > 4) { put4(middle_above, size, j + 1 * LANES, sample1, middle1, alive1); } if (UNITS > 8) { put4(high_above, size, j + 1 * LANES, sample1, high1, alive1); } }
  if (WIDTH > 2) { put4(low_above, size, j + 2 * LANES, sample2, low2, alive2); if (UNITS > 4) { put4(middle_above, size, j + 2 * LANES, sample2, middle2, alive2); } if (UNITS > 8) { put4(high_above, size, j + 2 * LANES, sample2, high2, alive2); } }
  if (WIDTH > 3) { put4(low_above, size, j + 3 * LANES, sample3, low3, alive3); if (UNITS > 4) { put4(middle_above, size, j + 3 * LANES, sample3, middle3, alive3); } if (UNITS > 8) { put4(high_above, size, j + 3 * LANES, sample3, high3, alive3); } }
  if (WIDTH > 4) { put4(low_above, size, j + 4 * LANES, sample4, low4, alive4); if (UNITS > 4) { put4(middle_above, size, j + 4 * LANES, sample4, middle4, alive4); } if (UNITS > 8) { put4(high_above, size, j + 4 * LANES, sample4, high4, alive4); } }
  if (WIDTH > 5) { put4(low_above, size, j + 5 * LANES, sample5, low5, alive5); if (UNITS > 4) { put4(middle_above, size, j + 5 * LANES, sample5, middle5, alive5); } if (UNITS > 8) { put4(high_above, size, j + 5 * LANES, sample5, high5, alive5); } }
  if (WIDTH > 6) { put4(low_above, size, j + 6 * LANES, sample6, low6, alive6); if (UNITS > 4) { put4(middle_above, size, j + 6 * LANES, sample6, middle6, alive6); } if (UNITS > 8) { put4(high_above, size, j + 6 * LANES, sample6, high6, alive6); } }
  if (WIDTH > 7) { put4(low_above, size, j + 7 * LANES, sample7, low7, alive7); if (UNITS > 4) { put4(middle_above, size, j + 7 * LANES, sample7, middle7, alive7); } if (UNITS > 8) { put4(high_above, size, j + 7 * LANES, sample7, high7, alive7); } }
  if (WIDTH > 8) { put4(low_above, size, j + 8 * LANES, sample8, low8, alive8); if (UNITS > 4) { put4(middle_above, size, j + 8 * LANES, sample8, middle8, alive8); } if (UNITS > 8) { put4(high_above, size, j + 8 * LANES, sample8, high8, alive8); } }
  if (WIDTH > 9) { put4(low_above, size, j + 9 * LANES, sample9, low9, alive9); if (UNITS > 4) { put4(middle_above, size, j + 9 * LANES, sample9, middle9, alive9); } if (UNITS > 8) { put4(high_above, size, j + 9 * LANES, sample9, high9, alive9); } }
}
