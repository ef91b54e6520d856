// Weighted Gram matrices where four neighbours trade rows: what gram.wgsl computes, from the same bindings, bit for bit,
//
//   K[slot] = X diag(weights[run]) X^T, one triangle and its mirror image; sums run over inputs in index order.
//
// Four neighbours own 4 GROUPS rows (y) x 4 COLUMNS columns (x) of one slot (z), where any of them lies on or below the
// diagonal. An invocation loads its own COLUMNS columns, but of each group of four rows only one, and takes the other three
// from its neighbours' registers: COLUMNS + GROUPS + 1 loads feed 4 COLUMNS GROUPS products. That pays where a load costs
// far more than a product. Two terms a turn: carrying the sums around the loop costs as much as a product.

enable subgroups;

// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  first: u32,
}

// A multiple of four.
override LANES: u32 = 4;
// Columns that an invocation owns, and groups of four rows that a tile holds: at most 4 each.
override COLUMNS: u32 = 4;
override GROUPS: u32 = 4;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> K: array<f32>;

// A number of every row of a tile, or the sums of a column. Of each group the invocation's own row comes first, then
// those of its neighbours: row `lane ^ q` of the group is component q.
struct Rows {
  first: vec4f,
  second: vec4f,
  third: vec4f,
  fourth: vec4f,
}

const NONE = Rows(vec4f(), vec4f(), vec4f(), vec4f());

struct Columns {
  a: Rows,
  b: Rows,
  c: Rows,
  d: Rows,
}

// Places of four samples in an input's numbers: of the invocation's own rows, one of each group, or of its columns.
// Samples past the end repeat the last, unwritten.
fn places_from(sample: u32) -> vec4u {
  return min(sample + vec4u(0, 4, 8, 12), vec4u(params.samples - 1));
}

fn traded(own: f32) -> vec4f {
  return vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}

// One product after the other: four at a time would wait in memory for their sums.
fn plus(sums: vec4f, x: f32, row: vec4f) -> vec4f {
  return vec4f(sums.x + row.x * x, sums.y + row.y * x, sums.z + row.z * x, sums.w + row.w * x);
}

fn add_column(sums: Rows, x: f32, rows: Rows) -> Rows {
  var next = sums;
  next.first = plus(sums.first, x, rows.first);
  if (GROUPS > 1) { next.second = plus(sums.second, x, rows.second); }
  if (GROUPS > 2) { next.third = plus(sums.third, x, rows.third); }
  if (GROUPS > 3) { next.fourth = plus(sums.fourth, x, rows.fourth); }
  return next;
}

// Adds an input's term, whose numbers begin at `at`.
fn add_term(sums: Columns, at: u32, weight: f32, row_places: vec4u, columns: vec4u) -> Columns {
  var rows = NONE;
  rows.first = traded(X[at + row_places.x] * weight);
  if (GROUPS > 1) { rows.second = traded(X[at + row_places.y] * weight); }
  if (GROUPS > 2) { rows.third = traded(X[at + row_places.z] * weight); }
  if (GROUPS > 3) { rows.fourth = traded(X[at + row_places.w] * weight); }
  var next = sums;
  next.a = add_column(sums.a, X[at + columns.x], rows);
  if (COLUMNS > 1) { next.b = add_column(sums.b, X[at + columns.y], rows); }
  if (COLUMNS > 2) { next.c = add_column(sums.c, X[at + columns.z], rows); }
  if (COLUMNS > 3) { next.d = add_column(sums.d, X[at + columns.w], rows); }
  return next;
}

fn put(slot: u32, i: u32, j: u32, value: f32) {
  let N = params.samples;
  if (i < N && j <= i) {
    K[(slot * N + i) * N + j] = value;
    K[(slot * N + j) * N + i] = value;
  }
}

// Where a tile goes: its slot, its first row, and the invocation's place among four.
struct Goal {
  slot: u32,
  i: u32,
  lane: u32,
}

fn put_group(goal: Goal, group: u32, j: u32, values: vec4f) {
  if (group < GROUPS) {
    let i = goal.i + 4 * group;
    put(goal.slot, i + goal.lane, j, values.x);
    put(goal.slot, i + (goal.lane ^ 1), j, values.y);
    put(goal.slot, i + (goal.lane ^ 2), j, values.z);
    put(goal.slot, i + (goal.lane ^ 3), j, values.w);
  }
}

fn put_column(goal: Goal, column: u32, j: u32, sums: Rows) {
  if (column < COLUMNS) {
    put_group(goal, 0, j + 4 * column, sums.first);
    put_group(goal, 1, j + 4 * column, sums.second);
    put_group(goal, 2, j + 4 * column, sums.third);
    put_group(goal, 3, j + 4 * column, sums.fourth);
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let i = group.y * 4 * GROUPS;
  let first_column = group.x * LANES * COLUMNS;
  if (first_column > i + 4 * GROUPS - 1) {
    return;
  }
  let lane = invocation % 4;
  let j = first_column + (invocation - lane) * COLUMNS + lane;
  let N = params.samples;
  let inputs = params.inputs;
  let tile = (params.first + group.z) * TILE;
  let w = singles[tile + 4] / params.channels * inputs;
  let rows = places_from(i + lane);
  let columns = places_from(j);
  var at = singles[tile] * inputs * N;

  var sums = Columns(NONE, NONE, NONE, NONE);
  var k = 0u;
  for (; k + 1 < inputs; k += 2) {
    sums = add_term(sums, at, weights[w + k], rows, columns);
    sums = add_term(sums, at + N, weights[w + k + 1], rows, columns);
    at += 2 * N;
  }
  if (k < inputs) {
    sums = add_term(sums, at, weights[w + k], rows, columns);
  }

  let goal = Goal(group.z, i, lane);
  put_column(goal, 0, j, sums.a);
  put_column(goal, 1, j, sums.b);
  put_column(goal, 2, j, sums.c);
  put_column(goal, 3, j, sums.d);
}
