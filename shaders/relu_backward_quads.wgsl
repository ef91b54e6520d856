// Signals back through one layer of ReLU networks, where four neighbours trade rows: what relu_backward.wgsl computes,
//
//   B[u, j] = 1[Z0 + dZ > 0] sum over k of W[k, u] B above[k, j]
//
// from the same bindings, bit for bit: sums run over the layer above in index order, |error| <= gamma(fan_out) |W|^T
// |B above|. TOP: the layer above is the output, so that B = 1[Z0 + dZ > 0] W[u] (+-dL/df).
//
// Four neighbours own 4 COLUMNS samples (x) of 4 GROUPS units below (y) of one network (z: entry of the tile table and
// copy). An invocation loads its own columns, but of each group only one row, and takes the other three from its
// neighbours' registers: COLUMNS + GROUPS loads feed 4 COLUMNS GROUPS products.

enable subgroups;

// use minibatch
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
override TOP: bool = false;
// Columns that an invocation owns, and groups of four rows that a tile holds: at most 4 each.
override COLUMNS: u32 = 4;
override GROUPS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> singles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> weights: array<f32>;
@group(0) @binding(7) var<storage, read> signal: array<f32>;
@group(0) @binding(8) var<storage, read_write> delta: array<f32>;

// Where one network's numbers lie.
struct Network {
  tile: u32,
  // First entries: Z0 and dZ of the units below, B below and above, the layer's weights, dL/df with its sign.
  base: u32,
  z: u32,
  below: u32,
  above: u32,
  weights: u32,
  slope: u32,
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
    (run * params.units + params.below) * params.samples,
    (own * params.units + params.below) * params.capacity,
    (own * params.units + params.below) * params.capacity,
    (own * params.units + params.above) * params.capacity,
    own * params.parameters + params.offset,
    (row + params.slope) * params.capacity,
    1.0 - 2.0 * f32(copy),
  );
}

// B of the layer above, from its place.
fn signal_of(sign: f32, at: u32) -> f32 {
  if (TOP) {
    return sign * signal[at];
  }
  return delta[at];
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

// Entry `at` of the weights of every row.
fn weights_of(own: Own, at: u32) -> Rows {
  var term = NONE;
  term.first = traded(weights[at + own.first]);
  if (GROUPS > 1) { term.second = traded(weights[at + own.second]); }
  if (GROUPS > 2) { term.third = traded(weights[at + own.third]); }
  if (GROUPS > 3) { term.fourth = traded(weights[at + own.fourth]); }
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

// Sums of each sample.
struct Columns {
  a: Rows,
  b: Rows,
  c: Rows,
  d: Rows,
}

// Places of the samples in the batch.
struct Places {
  a: u32,
  b: u32,
  c: u32,
  d: u32,
}

// Where the first unit above begins in delta or signal, and in W, and how far the next one lies: what a loop reads again
// and again is read once.
struct Source {
  above: u32,
  above_row: u32,
  weights: u32,
  weights_row: u32,
  sign: f32,
}

// Adds what unit k above sends back.
fn with_unit(columns: Columns, places: Places, source: Source, own: Own, k: u32) -> Columns {
  let above = source.above + k * source.above_row;
  let term = weights_of(own, source.weights + k * source.weights_row);
  var next = columns;
  next.a = add(columns.a, signal_of(source.sign, above + places.a), term);
  if (COLUMNS > 1) { next.b = add(columns.b, signal_of(source.sign, above + places.b), term); }
  if (COLUMNS > 2) { next.c = add(columns.c, signal_of(source.sign, above + places.c), term); }
  if (COLUMNS > 3) { next.d = add(columns.d, signal_of(source.sign, above + places.d), term); }
  return next;
}

// A unit of the tile: units past the end repeat the last, and write its value again.
fn unit_of(tile: u32, group: u32, row: u32) -> u32 {
  return min(tile * 4 * GROUPS + 4 * group + row, params.fan_in - 1);
}

// Writes what has come through to a unit, if it is active.
fn put_one(at: Network, unit: u32, j: u32, sample: u32, value: f32) {
  let row = unit * params.capacity + j;
  let end = base[at.base + unit * params.samples + sample] + z[at.z + row];
  delta[at.below + row] = select(0.0, value, end > 0.0);
}

// The tile's place, and the invocation's among four.
struct Part {
  tile: u32,
  lane: u32,
}

fn put_group(at: Network, part: Part, group: u32, j: u32, sample: u32, sums: vec4f) {
  if (group < GROUPS) {
    put_one(at, unit_of(part.tile, group, part.lane), j, sample, sums.x);
    put_one(at, unit_of(part.tile, group, part.lane ^ 1), j, sample, sums.y);
    put_one(at, unit_of(part.tile, group, part.lane ^ 2), j, sample, sums.z);
    put_one(at, unit_of(part.tile, group, part.lane ^ 3), j, sample, sums.w);
  }
}

fn put(at: Network, part: Part, j: u32, sums: Rows) {
  if (j < step.size) {
    let sample = sample_of(singles[at.tile + 2], j);
    put_group(at, part, 0, j, sample, sums.first);
    put_group(at, part, 1, j, sample, sums.second);
    put_group(at, part, 2, j, sample, sums.third);
    put_group(at, part, 3, j, sample, sums.fourth);
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let at = network(group.z);
  let part = Part(group.y, invocation % 4);
  let j = (group.x * (LANES / 4) + invocation / 4) * 4 * COLUMNS + part.lane;
  let end = step.size - 1;
  let places = Places(min(j, end), min(j + 4, end), min(j + 8, end), min(j + 12, end));
  let own = Own(
    unit_of(part.tile, 0, part.lane), unit_of(part.tile, 1, part.lane), unit_of(part.tile, 2, part.lane),
    unit_of(part.tile, 3, part.lane));
  let source = Source(
    select(at.above, at.slope, TOP), params.capacity, at.weights, params.fan_in, at.sign);
  let fan_out = params.fan_out;
  var columns = Columns(NONE, NONE, NONE, NONE);
  var k = 0u;
  // Carrying sums around a loop costs as much as products: three terms a turn, where their loads are few.
  if (!TOP) {
    for (; k + 2 < fan_out; k += 3) {
      columns = with_unit(columns, places, source, own, k);
      columns = with_unit(columns, places, source, own, k + 1);
      columns = with_unit(columns, places, source, own, k + 2);
    }
  }
  for (; k < fan_out; k++) {
    columns = with_unit(columns, places, source, own, k);
  }
  put(at, part, j, columns.a);
  if (COLUMNS > 1) { put(at, part, j + 4, columns.b); }
  if (COLUMNS > 2) { put(at, part, j + 8, columns.c); }
  if (COLUMNS > 3) { put(at, part, j + 12, columns.d); }
}
