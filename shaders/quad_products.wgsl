// Products of the rows of two matrices, forwards and back, for runs that share their data; four neighbours trade rows:
//
//   forwards  r[row, j] = X[order[j]] . beta[row] - y[order[j]]             rows: beta [rows, inputs]
//             X transposed [data, inputs, samples]   y [targets, samples]   products: r [rows, capacity]
//   BACK      products[row, i] = sum over samples j of the batch of X[order[j], i] signal[row, j]
//             X [data, samples, inputs]   rows: signal [rows, capacity]     products [rows, inputs]
//
// A row is one channel of one run: channel 0 is the predictor, whose targets are subtracted; channel 1, there when the
// linearized twin is trained too, has no targets.
//
// An invocation owns COLUMNS columns (samples, or BACK inputs; x) of the 4 GROUPS rows of one tile (y). It loads its own
// columns, but of each group only one row, and takes the other three from its neighbours' registers: COLUMNS + GROUPS loads
// feed 4 COLUMNS GROUPS products. That pays where a load costs far more than a product. Two terms a turn: carrying the
// sums around the loop costs as much as a product.
//
// Sums run over inputs, or BACK over the batch, in order, as in residual.wgsl and diagonal_descent.wgsl, and are equal to
// theirs: |error| <= gamma(terms + 1) (|X| |rows| + |y|), gamma(k) = k u / (1 - k u), u = 2^-24.

enable subgroups;

// use minibatch

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of r or signal has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
}

override BACK: bool = false;
// A multiple of four.
override LANES: u32 = 4;
// Columns that an invocation owns, and groups of four rows that a tile holds: at most 5 each.
override COLUMNS: u32 = 5;
override GROUPS: u32 = 5;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
// Tiles: data, targets, shuffle stream, rows in use, then 4 GROUPS rows (the unused ones repeat the last).
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> rows: array<f32>;
@group(0) @binding(7) var<storage, read_write> products: array<f32>;

// A number of every row of a tile, or the sums of a column. Of each group the invocation's own row comes first, then
// those of its neighbours: row `lane ^ q` of the group is component q.
struct Rows {
  first: vec4f,
  second: vec4f,
  third: vec4f,
  fourth: vec4f,
  fifth: vec4f,
}

const NONE = Rows(vec4f(), vec4f(), vec4f(), vec4f(), vec4f());

fn traded(own: f32) -> vec4f {
  return vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}

// First entries of the invocation's own rows, one of each group.
struct Own {
  first: u32,
  second: u32,
  third: u32,
  fourth: u32,
  fifth: u32,
}

// Term k of every row.
fn term_of(own: Own, k: u32) -> Rows {
  var term = NONE;
  term.first = traded(rows[own.first + k]);
  if (GROUPS > 1) { term.second = traded(rows[own.second + k]); }
  if (GROUPS > 2) { term.third = traded(rows[own.third + k]); }
  if (GROUPS > 3) { term.fourth = traded(rows[own.fourth + k]); }
  if (GROUPS > 4) { term.fifth = traded(rows[own.fifth + k]); }
  return term;
}

fn add(sums: Rows, x: f32, term: Rows) -> Rows {
  var next = sums;
  next.first += x * term.first;
  if (GROUPS > 1) { next.second += x * term.second; }
  if (GROUPS > 2) { next.third += x * term.third; }
  if (GROUPS > 3) { next.fourth += x * term.fourth; }
  if (GROUPS > 4) { next.fifth += x * term.fifth; }
  return next;
}

// Where a column begins in the data; columns past the end repeat the last.
fn column_of(stream: u32, column: u32) -> u32 {
  if (BACK) {
    return min(column, params.inputs - 1);
  }
  return sample_of(stream, min(column, step.size - 1));
}

struct Tile {
  // Its first word, and this invocation's place among four.
  at: u32,
  lane: u32,
}

fn row_of(tile: Tile, group: u32, q: u32) -> u32 {
  return tiles[tile.at + 4 + 4 * group + (tile.lane ^ q)];
}

// What an invocation's columns are measured against, and where they end.
struct Columns {
  first: u32,
  end: u32,
  goals: array<f32, 5>,
}

// The entries of four rows, which begin at `starts`, in one column; `minus` tells which of them have a target.
fn put(starts: vec4u, minus: vec4<bool>, columns: Columns, index: u32, sums: vec4f) {
  let column = columns.first + 4 * index;
  if (index < COLUMNS && column < columns.end) {
    let entries = select(sums, sums - columns.goals[index], minus);
    products[starts.x + column] = entries.x;
    products[starts.y + column] = entries.y;
    products[starts.z + column] = entries.z;
    products[starts.w + column] = entries.w;
  }
}

// Rows past the last in use repeat it: they write the same value again. What a group's rows share is computed once: a
// remainder costs as much as many products.
fn put_group(tile: Tile, group: u32, columns: Columns, a: vec4f, b: vec4f, c: vec4f, d: vec4f, e: vec4f) {
  if (group >= GROUPS) {
    return;
  }
  let rows = vec4u(row_of(tile, group, 0), row_of(tile, group, 1), row_of(tile, group, 2), row_of(tile, group, 3));
  var starts = rows * params.inputs;
  var minus = vec4<bool>();
  if (!BACK) {
    starts = rows * params.capacity;
    minus = rows % vec4u(params.channels) == vec4u();
  }
  put(starts, minus, columns, 0, a);
  put(starts, minus, columns, 1, b);
  put(starts, minus, columns, 2, c);
  put(starts, minus, columns, 3, d);
  put(starts, minus, columns, 4, e);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let lane = invocation % 4;
  let column = (group.x * (LANES / 4) + invocation / 4) * 4 * COLUMNS + lane;
  let tile = Tile(group.y * (4 + 4 * GROUPS), lane);
  let stream = tiles[tile.at + 2];
  let at0 = column_of(stream, column);
  let at1 = column_of(stream, column + 4);
  let at2 = column_of(stream, column + 8);
  let at3 = column_of(stream, column + 12);
  let at4 = column_of(stream, column + 16);
  var terms = params.inputs;
  var row_length = params.inputs;
  var stride = params.samples;
  if (BACK) {
    terms = step.size;
    row_length = params.capacity;
    stride = params.inputs;
  }
  var own = Own(row_of(tile, 0, 0) * row_length, 0, 0, 0, 0);
  if (GROUPS > 1) { own.second = row_of(tile, 1, 0) * row_length; }
  if (GROUPS > 2) { own.third = row_of(tile, 2, 0) * row_length; }
  if (GROUPS > 3) { own.fourth = row_of(tile, 3, 0) * row_length; }
  if (GROUPS > 4) { own.fifth = row_of(tile, 4, 0) * row_length; }
  let data = tiles[tile.at] * params.inputs * params.samples;

  var sums0 = NONE;
  var sums1 = NONE;
  var sums2 = NONE;
  var sums3 = NONE;
  var sums4 = NONE;
  var k = 0u;
  for (; k + 1 < terms; k += 2) {
    var x = data + k * stride;
    var next = x + stride;
    if (BACK) {
      x = data + sample_of(stream, k) * stride;
      next = data + sample_of(stream, k + 1) * stride;
    }
    let term = term_of(own, k);
    sums0 = add(sums0, X[x + at0], term);
    if (COLUMNS > 1) { sums1 = add(sums1, X[x + at1], term); }
    if (COLUMNS > 2) { sums2 = add(sums2, X[x + at2], term); }
    if (COLUMNS > 3) { sums3 = add(sums3, X[x + at3], term); }
    if (COLUMNS > 4) { sums4 = add(sums4, X[x + at4], term); }
    let second = term_of(own, k + 1);
    sums0 = add(sums0, X[next + at0], second);
    if (COLUMNS > 1) { sums1 = add(sums1, X[next + at1], second); }
    if (COLUMNS > 2) { sums2 = add(sums2, X[next + at2], second); }
    if (COLUMNS > 3) { sums3 = add(sums3, X[next + at3], second); }
    if (COLUMNS > 4) { sums4 = add(sums4, X[next + at4], second); }
  }
  if (k < terms) {
    var x = data + k * stride;
    if (BACK) {
      x = data + sample_of(stream, k) * stride;
    }
    let term = term_of(own, k);
    sums0 = add(sums0, X[x + at0], term);
    if (COLUMNS > 1) { sums1 = add(sums1, X[x + at1], term); }
    if (COLUMNS > 2) { sums2 = add(sums2, X[x + at2], term); }
    if (COLUMNS > 3) { sums3 = add(sums3, X[x + at3], term); }
    if (COLUMNS > 4) { sums4 = add(sums4, X[x + at4], term); }
  }

  var columns = Columns(column, params.inputs, array<f32, 5>());
  if (!BACK) {
    let targets = tiles[tile.at + 1] * params.samples;
    columns.end = step.size;
    columns.goals[0] = y[targets + at0];
    if (COLUMNS > 1) { columns.goals[1] = y[targets + at1]; }
    if (COLUMNS > 2) { columns.goals[2] = y[targets + at2]; }
    if (COLUMNS > 3) { columns.goals[3] = y[targets + at3]; }
    if (COLUMNS > 4) { columns.goals[4] = y[targets + at4]; }
  }
  put_group(tile, 0, columns, sums0.first, sums1.first, sums2.first, sums3.first, sums4.first);
  put_group(tile, 1, columns, sums0.second, sums1.second, sums2.second, sums3.second, sums4.second);
  put_group(tile, 2, columns, sums0.third, sums1.third, sums2.third, sums3.third, sums4.third);
  put_group(tile, 3, columns, sums0.fourth, sums1.fourth, sums2.fourth, sums3.fourth, sums4.fourth);
  put_group(tile, 4, columns, sums0.fifth, sums1.fifth, sums2.fifth, sums3.fifth, sums4.fifth);
}
