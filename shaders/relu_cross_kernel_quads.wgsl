// One layer's part of ReLU networks' tangent kernels between test and training inputs, where four neighbours trade rows:
// what relu_cross_kernel.wgsl computes,
//
//   K = u sum over copies and layers of (H' H^T) o (B' B^T), ' of the test inputs, u = kernel_unit
//
// from the same bindings, bit for bit: sums run over units in index order, so that relative to the sum of absolute terms
// each Gram matrix is right to gamma(units). FIRST: the layer below is the input, and K is written; else it is added to.
// TOP: the layer above is the output, B = 1.
//
// Four neighbours own 4 GROUPS test samples (y) x 4 COLUMNS training samples (x) of one run (z: entry of the tile table).
// An invocation loads its own columns, but of each group only one row, and takes the other three from its neighbours'
// registers: COLUMNS + GROUPS loads feed 4 COLUMNS GROUPS products.

enable subgroups;

// use run_parameters
// use tile

struct Params {
  samples: u32,
  test_samples: u32,
  inputs: u32,
  channels: u32,
  copies: u32,
  units: u32,
  // The layer's units below and above, and the first rows of both.
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
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> test_X: array<f32>;
@group(0) @binding(4) var<storage, read> sides: array<f32>;
@group(0) @binding(5) var<storage, read> test_sides: array<f32>;
@group(0) @binding(6) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

// A number of every row of a tile, or the sums of a column. Of each group of four rows the invocation's own comes first,
// then those of its neighbours: row `lane ^ q` of the group is component q.
struct Rows {
  first: vec4f,
  second: vec4f,
  third: vec4f,
  fourth: vec4f,
}

const NONE = Rows(vec4f(), vec4f(), vec4f(), vec4f());
const ONES = Rows(vec4f(1.0), vec4f(1.0), vec4f(1.0), vec4f(1.0));

struct Columns {
  a: Rows,
  b: Rows,
  c: Rows,
  d: Rows,
}

// Places of the invocation's own rows, one of each group, or of its columns.
struct Places {
  a: u32,
  b: u32,
  c: u32,
  d: u32,
}

// One unit's numbers: of all rows of the tile, and of the invocation's columns.
struct Terms {
  rows: Rows,
  columns: vec4f,
}

fn traded(own: f32) -> vec4f {
  return vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}

// What an input gives, whose rows of test_X and X begin at these places.
fn inputs_of(test_at: u32, at: u32, rows: Places, columns: Places) -> Terms {
  var terms = Terms(NONE, vec4f());
  terms.rows.first = traded(test_X[test_at + rows.a]);
  if (GROUPS > 1) { terms.rows.second = traded(test_X[test_at + rows.b]); }
  if (GROUPS > 2) { terms.rows.third = traded(test_X[test_at + rows.c]); }
  if (GROUPS > 3) { terms.rows.fourth = traded(test_X[test_at + rows.d]); }
  terms.columns.x = X[at + columns.a];
  if (COLUMNS > 1) { terms.columns.y = X[at + columns.b]; }
  if (COLUMNS > 2) { terms.columns.z = X[at + columns.c]; }
  if (COLUMNS > 3) { terms.columns.w = X[at + columns.d]; }
  return terms;
}

// What a unit gives, whose rows of test_sides and sides begin at these places.
fn sides_of(test_at: u32, at: u32, rows: Places, columns: Places) -> Terms {
  var terms = Terms(NONE, vec4f());
  terms.rows.first = traded(test_sides[test_at + rows.a]);
  if (GROUPS > 1) { terms.rows.second = traded(test_sides[test_at + rows.b]); }
  if (GROUPS > 2) { terms.rows.third = traded(test_sides[test_at + rows.c]); }
  if (GROUPS > 3) { terms.rows.fourth = traded(test_sides[test_at + rows.d]); }
  terms.columns.x = sides[at + columns.a];
  if (COLUMNS > 1) { terms.columns.y = sides[at + columns.b]; }
  if (COLUMNS > 2) { terms.columns.z = sides[at + columns.c]; }
  if (COLUMNS > 3) { terms.columns.w = sides[at + columns.d]; }
  return terms;
}

// One product after the other: four at a time would wait in memory for their sums.
fn plus(sums: vec4f, x: f32, row: vec4f) -> vec4f {
  return vec4f(sums.x + x * row.x, sums.y + x * row.y, sums.z + x * row.z, sums.w + x * row.w);
}

fn add(sums: Rows, x: f32, rows: Rows) -> Rows {
  var next = sums;
  next.first = plus(sums.first, x, rows.first);
  if (GROUPS > 1) { next.second = plus(sums.second, x, rows.second); }
  if (GROUPS > 2) { next.third = plus(sums.third, x, rows.third); }
  if (GROUPS > 3) { next.fourth = plus(sums.fourth, x, rows.fourth); }
  return next;
}

fn add_terms(sums: Columns, terms: Terms) -> Columns {
  var next = sums;
  next.a = add(sums.a, terms.columns.x, terms.rows);
  if (COLUMNS > 1) { next.b = add(sums.b, terms.columns.y, terms.rows); }
  if (COLUMNS > 2) { next.c = add(sums.c, terms.columns.z, terms.rows); }
  if (COLUMNS > 3) { next.d = add(sums.d, terms.columns.w, terms.rows); }
  return next;
}

// Sums of products over `count` units, whose first rows begin at these places. Carrying sums around a loop costs as much
// as products: three terms a turn.
fn gram(test_first: u32, first: u32, count: u32, rows: Places, columns: Places) -> Columns {
  let N = params.samples;
  let T = params.test_samples;
  var sums = Columns(NONE, NONE, NONE, NONE);
  var test_at = test_first;
  var at = first;
  var unit = 0u;
  for (; unit + 2 < count; unit += 3) {
    sums = add_terms(sums, sides_of(test_at, at, rows, columns));
    sums = add_terms(sums, sides_of(test_at + T, at + N, rows, columns));
    sums = add_terms(sums, sides_of(test_at + 2 * T, at + 2 * N, rows, columns));
    test_at += 3 * T;
    at += 3 * N;
  }
  for (; unit < count; unit++) {
    sums = add_terms(sums, sides_of(test_at, at, rows, columns));
    test_at += T;
    at += N;
  }
  return sums;
}

fn input_gram(data: u32, rows: Places, columns: Places) -> Columns {
  var sums = Columns(NONE, NONE, NONE, NONE);
  for (var k = 0u; k < params.inputs; k++) {
    let row = data * params.inputs + k;
    sums = add_terms(sums, inputs_of(row * params.test_samples, row * params.samples, rows, columns));
  }
  return sums;
}

fn with_copy(total: Rows, H: Rows, B: Rows) -> Rows {
  return Rows(
    total.first + H.first * B.first, total.second + H.second * B.second, total.third + H.third * B.third,
    total.fourth + H.fourth * B.fourth);
}

fn put(run: u32, i: u32, j: u32, value: f32) {
  if (i < params.test_samples && j < params.samples) {
    let at = (run * params.test_samples + i) * params.samples + j;
    var sum = value;
    if (!FIRST) {
      sum += K[at];
    }
    K[at] = sum;
  }
}

// Where a tile goes: its run, its first row, and the invocation's place among four.
struct Goal {
  run: u32,
  i: u32,
  lane: u32,
}

fn put_group(goal: Goal, group: u32, j: u32, values: vec4f) {
  if (group < GROUPS) {
    let i = goal.i + 4 * group;
    put(goal.run, i + goal.lane, j, values.x);
    put(goal.run, i + (goal.lane ^ 1), j, values.y);
    put(goal.run, i + (goal.lane ^ 2), j, values.z);
    put(goal.run, i + (goal.lane ^ 3), j, values.w);
  }
}

fn put_column(goal: Goal, j: u32, total: Rows, scale: f32) {
  put_group(goal, 0, j, total.first * scale);
  put_group(goal, 1, j, total.second * scale);
  put_group(goal, 2, j, total.third * scale);
  put_group(goal, 3, j, total.fourth * scale);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let N = params.samples;
  let T = params.test_samples;
  let goal = Goal(singles[group.z * TILE + 4] / params.channels, group.y * 4 * GROUPS, invocation % 4);
  let i = goal.i + goal.lane;
  let j = (group.x * (LANES / 4) + invocation / 4) * 4 * COLUMNS + goal.lane;
  // Samples past the end repeat the last, unwritten.
  let rows = Places(min(i, T - 1), min(i + 4, T - 1), min(i + 8, T - 1), min(i + 12, T - 1));
  let columns = Places(min(j, N - 1), min(j + 4, N - 1), min(j + 8, N - 1), min(j + 12, N - 1));
  var total = Columns(NONE, NONE, NONE, NONE);
  for (var copy = 0u; copy < params.copies; copy++) {
    let own = 2 * (goal.run * params.copies + copy) * params.units;
    var H = Columns(NONE, NONE, NONE, NONE);
    if (FIRST) {
      H = input_gram(singles[group.z * TILE], rows, columns);
    } else {
      H = gram((own + params.below) * T, (own + params.below) * N, params.fan_in, rows, columns);
    }
    var B = Columns(ONES, ONES, ONES, ONES);
    if (!TOP) {
      let above = own + params.units + params.above;
      B = gram(above * T, above * N, params.fan_out, rows, columns);
    }
    total.a = with_copy(total.a, H.a, B.a);
    total.b = with_copy(total.b, H.b, B.b);
    total.c = with_copy(total.c, H.c, B.c);
    total.d = with_copy(total.d, H.d, B.d);
  }
  let scale = runs[goal.run].kernel_unit;
  put_column(goal, j, total.a, scale);
  if (COLUMNS > 1) { put_column(goal, j + 4, total.b, scale); }
  if (COLUMNS > 2) { put_column(goal, j + 8, total.c, scale); }
  if (COLUMNS > 3) { put_column(goal, j + 12, total.d, scale); }
}
