// One layer's part of ReLU networks' tangent kernels, where four neighbours trade rows: what relu_kernel.wgsl computes,
//
//   K = sum over copies and layers of (H H^T) o (B B^T): Gram matrices of the activations in and the signals back, in the
//   run's units
//   K - K0: (dG) o (Q0 + dQ) + G0 o dQ,   G - G0 = dH H^T + H0 dH^T,   Q - Q0 = dB B^T + B0 dB^T
//
// from the same bindings, bit for bit: sums run over units in index order, so that relative to the sum of absolute terms
// each Gram matrix is right to gamma(3 units + 3). FIRST: the layer below is the input, dG = 0, and K is written; else it
// is added to. TOP: the layer above is the output, Q = 1. START: K0 itself, 2 G0 o Q0 where there are two copies, which
// start alike and are summed once.
//
// Four neighbours own 4 GROUPS rows (y) x 4 COLUMNS columns (x) of one slot (z), where any of them lies on or below the
// diagonal. An invocation loads its own COLUMNS columns and GROUPS rows, which lie side by side, and takes the other rows
// from its neighbours' registers: COLUMNS + GROUPS numbers feed 4 COLUMNS GROUPS products of a kernel, twice as many feed
// three times as many of its change. That pays where a load costs far more than a product.

enable subgroups;

// use rectifier
// use tile

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  copies: u32,
  units: u32,
  first: u32,
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
override START: bool = false;
// Columns that an invocation owns, and groups of four rows that a tile holds: at most 4 each.
override COLUMNS: u32 = 4;
override GROUPS: u32 = 4;
// Whether all fours begin at a multiple of four, so that a load finds and checks four numbers at once.
override ALIGNED: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<vec4f>;
@group(0) @binding(3) var<storage, read> base: array<vec4f>;
@group(0) @binding(4) var<storage, read> z: array<vec4f>;
@group(0) @binding(5) var<storage, read> signals: array<vec4f>;
@group(0) @binding(6) var<storage, read> changes: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> K: array<f32>;

// Activations or signals back of the invocation's own four rows or columns: at the start, and their change since.
struct Four {
  start: vec4f,
  change: vec4f,
}

// An activation or a signal back.
struct Moved {
  start: f32,
  change: f32,
}

// The same of a group of four rows. The invocation's own comes first, then those of its neighbours: the row of lane
// `lane ^ q` is component q.
struct Group {
  start: vec4f,
  change: vec4f,
}

// One unit's numbers: of all rows of the tile, and of the invocation's columns.
struct Terms {
  first: Group,
  second: Group,
  third: Group,
  fourth: Group,
  columns: Four,
}

// Sums of a column, by row: a Gram matrix at the start, and its change.
struct Column {
  first: Group,
  second: Group,
  third: Group,
  fourth: Group,
}

struct Columns {
  a: Column,
  b: Column,
  c: Column,
  d: Column,
}

const EMPTY = Group(vec4f(), vec4f());
const NONE = Column(EMPTY, EMPTY, EMPTY, EMPTY);
const ONES = Group(vec4f(1.0), vec4f());
const ONE = Column(ONES, ONES, ONES, ONES);

// Places of the invocation's own rows, one of each group, or of its columns.
struct Places {
  a: u32,
  b: u32,
  c: u32,
  d: u32,
}

// Samples past the end repeat the last, or the last four, unwritten.
fn places_from(sample: u32) -> Places {
  if (ALIGNED) {
    let first = min(sample, params.samples - 4);
    return Places(first, first + 1, first + 2, first + 3);
  }
  let end = params.samples - 1;
  return Places(min(sample, end), min(sample + 1, end), min(sample + 2, end), min(sample + 3, end));
}

fn places_after(at: u32, four: Places) -> vec4u {
  return at + vec4u(four.a, four.b, four.c, four.d);
}

fn X_at(at: u32, four: Places) -> vec4f {
  if (ALIGNED) {
    return X[(at + four.a) >> 2];
  }
  let places = places_after(at, four);
  return vec4f(
    X[places.x >> 2][places.x & 3], X[places.y >> 2][places.y & 3],
    X[places.z >> 2][places.z & 3], X[places.w >> 2][places.w & 3]);
}

fn base_at(at: u32, four: Places) -> vec4f {
  if (ALIGNED) {
    return base[(at + four.a) >> 2];
  }
  let places = places_after(at, four);
  return vec4f(
    base[places.x >> 2][places.x & 3], base[places.y >> 2][places.y & 3],
    base[places.z >> 2][places.z & 3], base[places.w >> 2][places.w & 3]);
}

fn z_at(at: u32, four: Places) -> vec4f {
  if (ALIGNED) {
    return z[(at + four.a) >> 2];
  }
  let places = places_after(at, four);
  return vec4f(
    z[places.x >> 2][places.x & 3], z[places.y >> 2][places.y & 3],
    z[places.z >> 2][places.z & 3], z[places.w >> 2][places.w & 3]);
}

fn signals_at(at: u32, four: Places) -> vec4f {
  if (ALIGNED) {
    return signals[(at + four.a) >> 2];
  }
  let places = places_after(at, four);
  return vec4f(
    signals[places.x >> 2][places.x & 3], signals[places.y >> 2][places.y & 3],
    signals[places.z >> 2][places.z & 3], signals[places.w >> 2][places.w & 3]);
}

fn changes_at(at: u32, four: Places) -> vec4f {
  if (ALIGNED) {
    return changes[(at + four.a) >> 2];
  }
  let places = places_after(at, four);
  return vec4f(
    changes[places.x >> 2][places.x & 3], changes[places.y >> 2][places.y & 3],
    changes[places.z >> 2][places.z & 3], changes[places.w >> 2][places.w & 3]);
}

// Where a unit is active before and after, the change is that of Z itself; else one of the two is zero.
fn activations_at(at: u32, change_at: u32, four: Places) -> Four {
  if (FIRST) {
    return Four(X_at(at, four), vec4f());
  }
  let before = base_at(at, four);
  let start = positive4(before);
  if (START) {
    return Four(start, vec4f());
  }
  let change = z_at(change_at, four);
  let end = before + change;
  return Four(start, select(positive4(end) - start, change, (before > vec4f()) & (end > vec4f())));
}

fn signals_back_at(at: u32, change_at: u32, four: Places) -> Four {
  if (START) {
    return Four(signals_at(at, four), vec4f());
  }
  return Four(signals_at(at, four), changes_at(change_at, four));
}

fn four(own: f32) -> vec4f {
  return vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}

fn traded(start: f32, change: f32, still: bool) -> Group {
  if (still) {
    return Group(four(start), vec4f());
  }
  return Group(four(start), four(change));
}

fn terms_of(rows: Four, columns: Four, still: bool) -> Terms {
  var terms = Terms(EMPTY, EMPTY, EMPTY, EMPTY, columns);
  terms.first = traded(rows.start.x, rows.change.x, still);
  if (GROUPS > 1) { terms.second = traded(rows.start.y, rows.change.y, still); }
  if (GROUPS > 2) { terms.third = traded(rows.start.z, rows.change.z, still); }
  if (GROUPS > 3) { terms.fourth = traded(rows.start.w, rows.change.w, still); }
  return terms;
}

// What a unit below gives, whose rows of X or Z0, and of dZ, begin at these places.
fn activations(at: u32, change_at: u32, rows: Places, columns: Places) -> Terms {
  return terms_of(activations_at(at, change_at, rows), activations_at(at, change_at, columns), FIRST || START);
}

// What a unit above gives, whose rows of B0 and dB begin at these places.
fn signals_back(at: u32, change_at: u32, rows: Places, columns: Places) -> Terms {
  return terms_of(signals_back_at(at, change_at, rows), signals_back_at(at, change_at, columns), START);
}

// One product after the other: four at a time would wait in memory for their sums.
fn plus(sums: vec4f, x: f32, row: vec4f) -> vec4f {
  return vec4f(sums.x + x * row.x, sums.y + x * row.y, sums.z + x * row.z, sums.w + x * row.w);
}

fn plus_change(sums: vec4f, x: Moved, now: f32, row: Group) -> vec4f {
  return vec4f(
    sums.x + (row.change.x * now + row.start.x * x.change), sums.y + (row.change.y * now + row.start.y * x.change),
    sums.z + (row.change.z * now + row.start.z * x.change), sums.w + (row.change.w * now + row.start.w * x.change));
}

// Where nothing moves the change stays 0.
fn add(sums: Group, x: Moved, row: Group, still: bool) -> Group {
  let start = plus(sums.start, x.start, row.start);
  if (still) {
    return Group(start, vec4f());
  }
  return Group(start, plus_change(sums.change, x, x.start + x.change, row));
}

fn add_column(sums: Column, x: Moved, terms: Terms, still: bool) -> Column {
  var next = sums;
  next.first = add(sums.first, x, terms.first, still);
  if (GROUPS > 1) { next.second = add(sums.second, x, terms.second, still); }
  if (GROUPS > 2) { next.third = add(sums.third, x, terms.third, still); }
  if (GROUPS > 3) { next.fourth = add(sums.fourth, x, terms.fourth, still); }
  return next;
}

fn add_terms(sums: Columns, terms: Terms, still: bool) -> Columns {
  var next = sums;
  let start = terms.columns.start;
  let change = terms.columns.change;
  next.a = add_column(sums.a, Moved(start.x, change.x), terms, still);
  if (COLUMNS > 1) { next.b = add_column(sums.b, Moved(start.y, change.y), terms, still); }
  if (COLUMNS > 2) { next.c = add_column(sums.c, Moved(start.z, change.z), terms, still); }
  if (COLUMNS > 3) { next.d = add_column(sums.d, Moved(start.w, change.w), terms, still); }
  return next;
}

// One copy's part of a column: the change, or at the start the kernel itself.
struct Part {
  first: vec4f,
  second: vec4f,
  third: vec4f,
  fourth: vec4f,
}

const NOTHING = Part(vec4f(), vec4f(), vec4f(), vec4f());

fn with_group(total: vec4f, G: Group, Q: Group) -> vec4f {
  if (START) {
    return total + G.start * Q.start;
  }
  return total + (G.change * (Q.start + Q.change) + G.start * Q.change);
}

fn with_copy(total: Part, G: Column, Q: Column) -> Part {
  return Part(
    with_group(total.first, G.first, Q.first), with_group(total.second, G.second, Q.second),
    with_group(total.third, G.third, Q.third), with_group(total.fourth, G.fourth, Q.fourth));
}

// Adds an entry's product to the kernel and to its mirror image.
fn put(slot: u32, i: u32, j: u32, value: f32) {
  let N = params.samples;
  if (i < N && j <= i) {
    var sum = value;
    if (!FIRST) {
      sum += K[(slot * N + i) * N + j];
    }
    K[(slot * N + i) * N + j] = sum;
    K[(slot * N + j) * N + i] = sum;
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
    let i = goal.i + group;
    put(goal.slot, i + GROUPS * goal.lane, j, values.x);
    put(goal.slot, i + GROUPS * (goal.lane ^ 1), j, values.y);
    put(goal.slot, i + GROUPS * (goal.lane ^ 2), j, values.z);
    put(goal.slot, i + GROUPS * (goal.lane ^ 3), j, values.w);
  }
}

fn put_column(goal: Goal, j: u32, part: Part) {
  put_group(goal, 0, j, part.first);
  put_group(goal, 1, j, part.second);
  put_group(goal, 2, j, part.third);
  put_group(goal, 3, j, part.fourth);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let i = group.y * 4 * GROUPS;
  if (group.x * LANES * COLUMNS > i + 4 * GROUPS - 1) {
    return;
  }
  let lane = invocation % 4;
  let j = (group.x * LANES + invocation) * COLUMNS;
  let N = params.samples;
  let tile = (params.first + group.z) * TILE;
  let run = singles[tile + 4] / params.channels;
  let start = run * params.units * N;
  let rows = places_from(i + GROUPS * lane);
  let columns = places_from(j);
  let fan_in = params.fan_in;
  let fan_out = params.fan_out;
  let sums = select(params.copies, 1, START);
  let times = select(1, params.copies, START);

  var total_a = NOTHING;
  var total_b = NOTHING;
  var total_c = NOTHING;
  var total_d = NOTHING;
  for (var copy = 0u; copy < sums; copy++) {
    let change = (run * params.copies + copy) * params.units * N;
    var G = Columns(NONE, NONE, NONE, NONE);
    {
      var at = select(start + params.below * N, singles[tile] * params.inputs * N, FIRST);
      var change_at = change + params.below * N;
      var unit = 0u;
      // Carrying sums around a loop costs as much as products: two terms a turn, or three signals below, where a term is
      // less code. More would not stay in the instruction cache.
      if (FIRST || START) {
        for (; unit + 1 < fan_in; unit += 2) {
          G = add_terms(G, activations(at, 0, rows, columns), true);
          G = add_terms(G, activations(at + N, 0, rows, columns), true);
          at += 2 * N;
        }
      }
      for (; unit < fan_in; unit++) {
        G = add_terms(G, activations(at, change_at, rows, columns), FIRST || START);
        at += N;
        change_at += N;
      }
    }
    var Q = Columns(ONE, ONE, ONE, ONE);
    if (!TOP) {
      Q = Columns(NONE, NONE, NONE, NONE);
      var at = start + params.above * N;
      var change_at = change + params.above * N;
      var unit = 0u;
      if (START) {
        for (; unit + 2 < fan_out; unit += 3) {
          Q = add_terms(Q, signals_back(at, 0, rows, columns), true);
          Q = add_terms(Q, signals_back(at + N, 0, rows, columns), true);
          Q = add_terms(Q, signals_back(at + 2 * N, 0, rows, columns), true);
          at += 3 * N;
        }
      }
      for (; unit < fan_out; unit++) {
        Q = add_terms(Q, signals_back(at, change_at, rows, columns), START);
        at += N;
        change_at += N;
      }
    }
    for (var time = 0u; time < times; time++) {
      total_a = with_copy(total_a, G.a, Q.a);
      total_b = with_copy(total_b, G.b, Q.b);
      total_c = with_copy(total_c, G.c, Q.c);
      total_d = with_copy(total_d, G.d, Q.d);
    }
  }
  let goal = Goal(group.z, i, lane);
  put_column(goal, j, total_a);
  if (COLUMNS > 1) { put_column(goal, j + 1, total_b); }
  if (COLUMNS > 2) { put_column(goal, j + 2, total_c); }
  if (COLUMNS > 3) { put_column(goal, j + 3, total_d); }
}
