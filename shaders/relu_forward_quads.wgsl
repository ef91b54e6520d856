// One layer of ReLU networks, as its change since w(0), where four neighbours trade rows: what relu_forward.wgsl computes,
//
//   dZ = D H0 + W dH,   H0 = [Z0]+,   H = [Z0 + dZ below]+,   dH = H - H0
//
// from the same bindings, bit for bit: sums run over the layer below in index order, D H0 before W dH, and where every unit
// below is inactive dZ = -Z0. Its bound is |error| <= gamma(2 fan_in + 2) (|D| |H0| + |W| |dH|), and what the errors of dZ
// below make of it. FIRST: dZ = D X.  START: z becomes W [z below]+, W bound as `state`.
//
// Four neighbours own 4 COLUMNS samples (x) of 4 GROUPS units (y) of one network (z: entry of the tile table and copy). An
// invocation loads its own columns, but of each group only one row, and takes the other three from its neighbours'
// registers: 2 (COLUMNS + GROUPS) loads feed 8 COLUMNS GROUPS products. That pays where a load costs far more than a
// product. A software adapter runs what a branch leaves out, too: there are as few as can be.

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
override START: bool = false;
// Columns that an invocation owns, at most 5, and groups of four rows that a tile holds, at most 4.
override COLUMNS: u32 = 5;
override GROUPS: u32 = 4;

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

// What a layer takes in at the first layer or at w(0), from its place.
fn taken(at: u32) -> f32 {
  if (FIRST) {
    return X[at];
  }
  return positive(z[at]);
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

// Entry `at` of D of every row.
fn changes_of(own: Own, at: u32) -> Rows {
  var term = NONE;
  term.first = traded(state[at + own.first]);
  if (GROUPS > 1) { term.second = traded(state[at + own.second]); }
  if (GROUPS > 2) { term.third = traded(state[at + own.third]); }
  if (GROUPS > 3) { term.fourth = traded(state[at + own.fourth]); }
  return term;
}

// The same of W.
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

// Sums of one sample, and the bits of all activations below: none but zeros where nothing comes through.
struct Column {
  sums: Rows,
  alive: u32,
}

struct Columns {
  a: Column,
  b: Column,
  c: Column,
  d: Column,
  e: Column,
}

const EMPTY = Column(NONE, 0);

// A sample's places in the batch and in the data.
struct Place {
  j: u32,
  sample: u32,
}

struct Places {
  a: Place,
  b: Place,
  c: Place,
  d: Place,
  e: Place,
}

fn place_of(stream: u32, j: u32) -> Place {
  return Place(min(j, step.size - 1), sample_of(stream, j));
}

// Adds what one unit below gives to a sample: `x` and `before` are where its rows of z or X, and of base, begin.
fn through(column: Column, place: Place, x: u32, before: u32, changes: Rows, weights: Rows) -> Column {
  if (FIRST || START) {
    return Column(add(column.sums, taken(x + select(place.j, place.sample, FIRST)), changes), 0);
  }
  let start = base[before + place.sample];
  let change = z[x + place.j];
  let end = start + change;
  let from_start = positive(start);
  let to_end = positive(end);
  // dH: where a unit is active before and after, the change itself; else one of the two is zero.
  let moved = select(to_end - from_start, change, (start > 0.0) & (end > 0.0));
  let sums = add(column.sums, from_start, changes);
  return Column(add(sums, moved, weights), column.alive | bitcast<u32>(to_end));
}

// Where the first unit below begins in z or X, in base, D and W, and how far the next one lies in the first two: what a
// loop reads again and again is read once.
struct Source {
  x: u32,
  x_row: u32,
  base: u32,
  base_row: u32,
  state: u32,
  weights: u32,
}

// Adds what unit i below gives.
fn with_unit(columns: Columns, places: Places, source: Source, own: Own, i: u32) -> Columns {
  let x = source.x + i * source.x_row;
  let before = source.base + i * source.base_row;
  let changes = changes_of(own, source.state + i);
  var weights = NONE;
  if (!FIRST && !START) { weights = weights_of(own, source.weights + i); }
  var next = columns;
  next.a = through(columns.a, places.a, x, before, changes, weights);
  if (COLUMNS > 1) { next.b = through(columns.b, places.b, x, before, changes, weights); }
  if (COLUMNS > 2) { next.c = through(columns.c, places.c, x, before, changes, weights); }
  if (COLUMNS > 3) { next.d = through(columns.d, places.d, x, before, changes, weights); }
  if (COLUMNS > 4) { next.e = through(columns.e, places.e, x, before, changes, weights); }
  return next;
}

// A unit of the tile: units past the end repeat the last, and write its value again.
fn unit_of(tile: u32, group: u32, row: u32) -> u32 {
  return min(tile * 4 * GROUPS + 4 * group + row, params.fan_out - 1);
}

// Where sums go: the first rows of z and base of the layer above, the tile's place, and the invocation's among four.
struct Goal {
  z: u32,
  base: u32,
  tile: u32,
  lane: u32,
}

fn put_group(goal: Goal, group: u32, j: u32, sums: vec4f) {
  if (group < GROUPS) {
    z[goal.z + unit_of(goal.tile, group, goal.lane) * params.capacity + j] = sums.x;
    z[goal.z + unit_of(goal.tile, group, goal.lane ^ 1) * params.capacity + j] = sums.y;
    z[goal.z + unit_of(goal.tile, group, goal.lane ^ 2) * params.capacity + j] = sums.z;
    z[goal.z + unit_of(goal.tile, group, goal.lane ^ 3) * params.capacity + j] = sums.w;
  }
}

fn put(goal: Goal, j: u32, sample: u32, column: Column) {
  if (j < step.size) {
    put_group(goal, 0, j, column.sums.first);
    put_group(goal, 1, j, column.sums.second);
    put_group(goal, 2, j, column.sums.third);
    put_group(goal, 3, j, column.sums.fourth);
    if (!FIRST && !START) {
      // Seldom, so that it is a loop: Z is 0 where nothing comes through.
      for (var row = 0u; row < 4 * GROUPS && column.alive == 0; row++) {
        let unit = unit_of(goal.tile, 0, row);
        z[goal.z + unit * params.capacity + j] = -base[goal.base + unit * params.samples + sample];
      }
    }
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let at = network(group.z);
  let lane = invocation % 4;
  let j = (group.x * (LANES / 4) + invocation / 4) * 4 * COLUMNS + lane;
  let stream = singles[at.tile + 2];
  let places = Places(
    place_of(stream, j), place_of(stream, j + 4), place_of(stream, j + 8), place_of(stream, j + 12),
    place_of(stream, j + 16));
  let own = Own(
    unit_of(group.y, 0, lane) * params.fan_in, unit_of(group.y, 1, lane) * params.fan_in,
    unit_of(group.y, 2, lane) * params.fan_in, unit_of(group.y, 3, lane) * params.fan_in);
  let source = Source(
    select(at.z + params.below * params.capacity, at.x, FIRST), select(params.capacity, params.samples, FIRST),
    at.base, params.samples, at.state, at.weights);
  let fan_in = params.fan_in;
  var columns = Columns(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY);
  var i = 0u;
  // Carrying sums around a loop costs as much as a product: two terms a turn, where their loads are few.
  if (FIRST || START) {
    for (; i + 1 < fan_in; i += 2) {
      columns = with_unit(columns, places, source, own, i);
      columns = with_unit(columns, places, source, own, i + 1);
    }
  }
  for (; i < fan_in; i++) {
    columns = with_unit(columns, places, source, own, i);
  }
  let goal = Goal(at.z + params.above * params.capacity, at.base_above, group.y, lane);
  put(goal, j, places.a.sample, columns.a);
  if (COLUMNS > 1) { put(goal, j + 4, places.b.sample, columns.b); }
  if (COLUMNS > 2) { put(goal, j + 8, places.c.sample, columns.c); }
  if (COLUMNS > 3) { put(goal, j + 12, places.d.sample, columns.d); }
  if (COLUMNS > 4) { put(goal, j + 16, places.e.sample, columns.e); }
}
