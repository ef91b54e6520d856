// Gradients of one layer of ReLU networks, where four neighbours trade rows: what relu_gradient.wgsl computes,
//
//   G[u, i] = sum over samples j of the batch of B[u, j] H[i, j],   H = [Z0 + dZ]+ of the layer below
//
// from the same bindings, with its FIRST and TOP. Samples in order, as in its plain entry point and bit for bit:
// |error| <= gamma(batch + 1) |B| |H|^T.
//
// Four neighbours own 4 COLUMNS units below (x) of 4 GROUPS units (y) of one network (z: entry of the tile table and copy).
// An invocation loads its own columns, but of each group only one row, and takes the other three from its neighbours'
// registers: 2 COLUMNS + GROUPS loads, or COLUMNS + GROUPS in the first layer, feed 4 COLUMNS GROUPS products.

enable subgroups;

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
  // Row of dL/df among those of a run.
  slope: u32,
  // The layer: its first weight, its units below and above, and the first rows of both.
  offset: u32,
  fan_in: u32,
  fan_out: u32,
  below: u32,
  above: u32,
}

// A multiple of four.
override LANES: u32 = 4;
override FIRST: bool = false;
override TOP: bool = false;
// Columns that an invocation owns, and groups of four rows that a tile holds: at most 4 each.
override COLUMNS: u32 = 4;
override GROUPS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> base: array<f32>;
@group(0) @binding(6) var<storage, read> z: array<f32>;
@group(0) @binding(7) var<storage, read> delta: array<f32>;
@group(0) @binding(8) var<storage, read> signal: array<f32>;
@group(0) @binding(9) var<storage, read_write> gradients: array<f32>;

// Where one network's numbers lie.
struct Network {
  tile: u32,
  // First entries: inputs of the data, Z0 and dZ below, B above, dL/df with its sign, G.
  x: u32,
  base: u32,
  z: u32,
  above: u32,
  slope: u32,
  gradients: u32,
  sign: f32,
}

fn network(entry: u32) -> Network {
  let tile = entry / params.copies * TILE;
  let copy = entry % params.copies;
  let row = singles[tile + 4];
  let run = row / params.channels;
  let own = run * params.copies + copy;
  return Network(
    tile,
    singles[tile] * params.inputs * params.samples,
    (run * params.units + params.below) * params.samples,
    (own * params.units + params.below) * params.capacity,
    (own * params.units + params.above) * params.capacity,
    (row + params.slope) * params.capacity,
    own * params.parameters + params.offset,
    1.0 - 2.0 * f32(copy),
  );
}

// Activation of a unit below, from its places in X or base, and in z.
fn activation(at: u32, change_at: u32) -> f32 {
  if (FIRST) {
    return X[at];
  }
  return positive(base[at] + z[change_at]);
}

// Signal back at place j of a row of units above.
fn above_of(own: Network, row: u32, j: u32) -> f32 {
  if (TOP) {
    return own.sign * signal[own.slope + j];
  }
  return delta[own.above + row + j];
}

// A number of every row of a tile, or the sums of a column. Of each group of four rows the invocation's own comes first,
// then those of its neighbours: row `lane ^ q` of the group is component q.
struct Rows {
  first: vec4f,
  second: vec4f,
  third: vec4f,
  fourth: vec4f,
}

const NONE = Rows(vec4f(), vec4f(), vec4f(), vec4f());

fn traded(own: f32) -> vec4f {
  return vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}

// First entries of the invocation's own rows, one of each group.
struct Own {
  first: u32,
  second: u32,
  third: u32,
  fourth: u32,
}

// Signals back at sample j of every row.
fn signals_of(at: Network, own: Own, j: u32) -> Rows {
  var term = NONE;
  term.first = traded(above_of(at, own.first, j));
  if (GROUPS > 1) { term.second = traded(above_of(at, own.second, j)); }
  if (GROUPS > 2) { term.third = traded(above_of(at, own.third, j)); }
  if (GROUPS > 3) { term.fourth = traded(above_of(at, own.fourth, j)); }
  return term;
}

// One product after the other: four at a time would wait in memory for their sums.
fn plus(sums: vec4f, x: f32, row: vec4f) -> vec4f {
  return vec4f(sums.x + x * row.x, sums.y + x * row.y, sums.z + x * row.z, sums.w + x * row.w);
}

fn add(sums: Rows, x: f32, term: Rows) -> Rows {
  var next = sums;
  next.first = plus(sums.first, x, term.first);
  if (GROUPS > 1) { next.second = plus(sums.second, x, term.second); }
  if (GROUPS > 2) { next.third = plus(sums.third, x, term.third); }
  if (GROUPS > 3) { next.fourth = plus(sums.fourth, x, term.fourth); }
  return next;
}

// Sums of each unit below.
struct Columns {
  a: Rows,
  b: Rows,
  c: Rows,
  d: Rows,
}

// Where a unit below begins in base or X, and in z.
struct Place {
  base: u32,
  z: u32,
}

struct Places {
  a: Place,
  b: Place,
  c: Place,
  d: Place,
}

// Units past the end repeat the last.
fn place_of(at: Network, i: u32) -> Place {
  let unit = min(i, params.fan_in - 1);
  return Place(select(at.base, at.x, FIRST) + unit * params.samples, at.z + unit * params.capacity);
}

// Adds what place j of the batch gives.
fn with_sample(columns: Columns, places: Places, at: Network, own: Own, sample: u32, j: u32) -> Columns {
  let term = signals_of(at, own, j);
  var next = columns;
  next.a = add(columns.a, activation(places.a.base + sample, places.a.z + j), term);
  if (COLUMNS > 1) { next.b = add(columns.b, activation(places.b.base + sample, places.b.z + j), term); }
  if (COLUMNS > 2) { next.c = add(columns.c, activation(places.c.base + sample, places.c.z + j), term); }
  if (COLUMNS > 3) { next.d = add(columns.d, activation(places.d.base + sample, places.d.z + j), term); }
  return next;
}

// A unit of the tile: units past the end repeat the last, and write its value again.
fn unit_of(tile: u32, group: u32, row: u32) -> u32 {
  return min(tile * 4 * GROUPS + 4 * group + row, params.fan_out - 1);
}

// The tile's place, and the invocation's among four.
struct Part {
  tile: u32,
  lane: u32,
}

fn put_group(at: Network, part: Part, group: u32, i: u32, sums: vec4f) {
  if (group < GROUPS) {
    gradients[at.gradients + unit_of(part.tile, group, part.lane) * params.fan_in + i] = sums.x;
    gradients[at.gradients + unit_of(part.tile, group, part.lane ^ 1) * params.fan_in + i] = sums.y;
    gradients[at.gradients + unit_of(part.tile, group, part.lane ^ 2) * params.fan_in + i] = sums.z;
    gradients[at.gradients + unit_of(part.tile, group, part.lane ^ 3) * params.fan_in + i] = sums.w;
  }
}

fn put(at: Network, part: Part, i: u32, sums: Rows) {
  if (i < params.fan_in) {
    put_group(at, part, 0, i, sums.first);
    put_group(at, part, 1, i, sums.second);
    put_group(at, part, 2, i, sums.third);
    put_group(at, part, 3, i, sums.fourth);
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let at = network(group.z);
  let part = Part(group.y, invocation % 4);
  let first = (group.x * (LANES / 4) + invocation / 4) * 4 * COLUMNS + part.lane;
  let stream = singles[at.tile + 2];
  let row = params.capacity;
  let own = Own(
    unit_of(part.tile, 0, part.lane) * row, unit_of(part.tile, 1, part.lane) * row,
    unit_of(part.tile, 2, part.lane) * row, unit_of(part.tile, 3, part.lane) * row);
  let places = Places(
    place_of(at, first), place_of(at, first + 4), place_of(at, first + 8), place_of(at, first + 12));
  let size = step.size;
  var columns = Columns(NONE, NONE, NONE, NONE);
  var j = 0u;
  // Carrying sums around a loop costs as much as products: two terms a turn.
  for (; j + 1 < size; j += 2) {
    columns = with_sample(columns, places, at, own, sample_of(stream, j), j);
    columns = with_sample(columns, places, at, own, sample_of(stream, j + 1), j + 1);
  }
  for (; j < size; j++) {
    columns = with_sample(columns, places, at, own, sample_of(stream, j), j);
  }
  put(at, part, first, columns.a);
  if (COLUMNS > 1) { put(at, part, first + 4, columns.b); }
  if (COLUMNS > 2) { put(at, part, first + 8, columns.c); }
  if (COLUMNS > 3) { put(at, part, first + 12, columns.d); }
}
