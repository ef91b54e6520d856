// Signals back through one layer of ReLU networks, where four neighbours trade rows: what relu_signals.wgsl computes,
//
//   B0 = 1[Z0 > 0] W0^T B0 above, B = 1 at the output;   dB = B - B0 without cancelling: W^T dB + D^T B0 of those above
//   where a unit is active before and after, W^T (B0 + dB) where it has become active, -B0 where it no longer is
//
// from the same bindings, bit for bit: sums run over the layer above in index order, W dB before D B0, and
// |error| <= gamma(2 fan_out + 1) (|W|^T |dB| + |D|^T |B0|), and what the errors of dB above make of it. TOP: the layer
// above is the output: W^T B is W, and D^T B0 is D. START: B0 is made, in `changes`, bound with copies = 1, and `weights`
// holds W0.
//
// Four neighbours own 4 COLUMNS samples (x) of 4 GROUPS units below (y) of one network (z: entry of the tile table and
// copy). An invocation loads its own columns, but of each group only one row, and takes the other three from its
// neighbours' registers: COLUMNS + GROUPS loads feed 4 COLUMNS GROUPS products at the start, and twice as many feed three
// times as many of a change.

enable subgroups;

// use tile

struct Params {
  samples: u32,
  channels: u32,
  copies: u32,
  units: u32,
  stride: u32,
  parameters: u32,
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
override START: bool = false;
// Columns that an invocation owns, and groups of four rows that a tile holds: at most 4 each.
override COLUMNS: u32 = 4;
override GROUPS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> signals: array<f32>;
@group(0) @binding(7) var<storage, read_write> changes: array<f32>;

// Where one network's numbers lie.
struct Network {
  // The layer's D and W.
  state: u32,
  weights: u32,
  // First entries of Z0 and B0, of dZ and dB.
  start: u32,
  change: u32,
}

fn network(entry: u32) -> Network {
  let run = singles[entry / params.copies * TILE + 4] / params.channels;
  let copy = entry % params.copies;
  let own = run * params.copies + copy;
  return Network(
    run * params.stride + copy * params.parameters + params.offset,
    own * params.parameters + params.offset,
    run * params.units * params.samples,
    own * params.units * params.samples,
  );
}

// `change` is W^T dB + D^T B0, and `now` W^T B: at w(0) or where the unit has become active.
fn put(own: Network, unit: u32, j: u32, change: f32, now: f32) {
  if (unit < params.fan_in && j < params.samples) {
    let at = (params.below + unit) * params.samples + j;
    let before = base[own.start + at];
    var value = select(0.0, now, before > 0.0);
    if (!START) {
      let after = before + z[own.change + at];
      value = select(0.0, -signals[own.start + at], before > 0.0);
      if (after > 0.0) {
        value = select(now, change, before > 0.0);
      }
    }
    changes[own.change + at] = value;
  }
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

// Places of the invocation's own units, one of each group, or of its samples.
struct Places {
  a: u32,
  b: u32,
  c: u32,
  d: u32,
}

// W of every row, from the place where those of the unit above begin.
fn weights_of(own: Places, at: u32) -> Rows {
  var term = NONE;
  term.first = traded(weights[at + own.a]);
  if (GROUPS > 1) { term.second = traded(weights[at + own.b]); }
  if (GROUPS > 2) { term.third = traded(weights[at + own.c]); }
  if (GROUPS > 3) { term.fourth = traded(weights[at + own.d]); }
  return term;
}

// The same of D.
fn moves_of(own: Places, at: u32) -> Rows {
  var term = NONE;
  term.first = traded(state[at + own.a]);
  if (GROUPS > 1) { term.second = traded(state[at + own.b]); }
  if (GROUPS > 2) { term.third = traded(state[at + own.c]); }
  if (GROUPS > 3) { term.fourth = traded(state[at + own.d]); }
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

// A sample's W^T dB + D^T B0, and W^T B.
struct Column {
  change: Rows,
  now: Rows,
}

struct Columns {
  a: Column,
  b: Column,
  c: Column,
  d: Column,
}

const EMPTY = Column(NONE, NONE);

// Adds what a unit above sends back to a sample: its own dB and B0 lie at these places.
fn through(sums: Column, change_at: u32, start_at: u32, W: Rows, D: Rows) -> Column {
  if (TOP) {
    return Column(D, W);
  }
  let dB = changes[change_at];
  if (START) {
    return Column(sums.change, add(sums.now, dB, W));
  }
  let B0 = signals[start_at];
  return Column(add(add(sums.change, dB, W), B0, D), add(sums.now, B0 + dB, W));
}

// Where the first unit above begins in dB, B0, W and D.
struct Source {
  change: u32,
  start: u32,
  weights: u32,
  state: u32,
}

// Adds what unit k above sends back.
fn with_unit(columns: Columns, places: Places, source: Source, own: Places, k: u32) -> Columns {
  let change = source.change + k * params.samples;
  let start = source.start + k * params.samples;
  let W = weights_of(own, source.weights + k * params.fan_in);
  var D = NONE;
  if (!START) { D = moves_of(own, source.state + k * params.fan_in); }
  var next = columns;
  next.a = through(columns.a, change + places.a, start + places.a, W, D);
  if (COLUMNS > 1) { next.b = through(columns.b, change + places.b, start + places.b, W, D); }
  if (COLUMNS > 2) { next.c = through(columns.c, change + places.c, start + places.c, W, D); }
  if (COLUMNS > 3) { next.d = through(columns.d, change + places.d, start + places.d, W, D); }
  return next;
}

// The tile's first unit, and the invocation's place among four.
struct Part {
  unit: u32,
  lane: u32,
}

fn put_group(own: Network, part: Part, group: u32, j: u32, change: vec4f, now: vec4f) {
  if (group < GROUPS) {
    let unit = part.unit + 4 * group;
    put(own, unit + part.lane, j, change.x, now.x);
    put(own, unit + (part.lane ^ 1), j, change.y, now.y);
    put(own, unit + (part.lane ^ 2), j, change.z, now.z);
    put(own, unit + (part.lane ^ 3), j, change.w, now.w);
  }
}

fn put_column(own: Network, part: Part, j: u32, column: Column) {
  put_group(own, part, 0, j, column.change.first, column.now.first);
  put_group(own, part, 1, j, column.change.second, column.now.second);
  put_group(own, part, 2, j, column.change.third, column.now.third);
  put_group(own, part, 3, j, column.change.fourth, column.now.fourth);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let at = network(group.z);
  let part = Part(group.y * 4 * GROUPS, invocation % 4);
  let j = (group.x * (LANES / 4) + invocation / 4) * 4 * COLUMNS + part.lane;
  // Samples and units past the end repeat the last, unwritten.
  let end = params.samples - 1;
  let last = params.fan_in - 1;
  let unit = part.unit + part.lane;
  let places = Places(min(j, end), min(j + 4, end), min(j + 8, end), min(j + 12, end));
  let own = Places(min(unit, last), min(unit + 4, last), min(unit + 8, last), min(unit + 12, last));
  let above = params.above * params.samples;
  let source = Source(at.change + above, at.start + above, at.weights, at.state);
  let fan_out = params.fan_out;
  var columns = Columns(EMPTY, EMPTY, EMPTY, EMPTY);
  var k = 0u;
  // Carrying sums around a loop costs as much as products: three terms a turn, where their loads are few.
  if (START && !TOP) {
    for (; k + 2 < fan_out; k += 3) {
      columns = with_unit(columns, places, source, own, k);
      columns = with_unit(columns, places, source, own, k + 1);
      columns = with_unit(columns, places, source, own, k + 2);
    }
  }
  for (; k < fan_out; k++) {
    columns = with_unit(columns, places, source, own, k);
  }
  put_column(at, part, j, columns.a);
  if (COLUMNS > 1) { put_column(at, part, j + 4, columns.b); }
  if (COLUMNS > 2) { put_column(at, part, j + 8, columns.c); }
  if (COLUMNS > 3) { put_column(at, part, j + 12, columns.d); }
}
