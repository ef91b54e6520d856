// Many descent steps of matrix models W = W_D .. W_1 of 2 or 3 factors, sides at most 12, on entries of W, each run by four
// neighbours: what matrix_runs.wgsl does with one copy and nothing trained beside, bit for bit.
//
//   C_l = w_l C_(l-1) + v_l R0_l   G = seen (A C_D - y)   B_(l-1) = w_l^T B_l   v_l <- v_l - rate B_l R_l^T
//
// All numbers of a run are in registers from the first update to the last: of W_1, of what it is multiplied to and of what
// comes back a neighbour has the columns lane, lane + 4, lane + 8; of the other factors the rows of the same places. Rows are
// traded where all are needed. Places past the last hold zeros, and change nothing.
//
//   state [runs, stride] as coordinates.ts lists it: a, v   targets, seen [., rows, columns]: what is seen, and 1 there, else 0
//
// A workgroup owns a run (x: entry of the tile table). Sums run in index order: errors are those of matrix_runs.wgsl.

enable subgroups;

// use ending
// use finite
// use matrix_run
// use tile

// Vectors of four that a side takes, at most 3.
override BLOCKS: u32 = 3;
override DEPTH: u32 = 2;

@group(0) @binding(3) var<storage, read> targets: array<f32>;
@group(0) @binding(4) var<storage, read> seen: array<f32>;

// Twelve numbers: a column, or a row.
struct Twelve {
  a: vec4f,
  b: vec4f,
  c: vec4f,
}

// A neighbour's three columns, or rows, of a matrix.
struct Share {
  x: Twelve,
  y: Twelve,
  z: Twelve,
}

// What four neighbours have at the same place, the first one's first.
struct Four {
  p: vec4f,
  q: vec4f,
  r: vec4f,
  s: vec4f,
}

const NOTHING = Twelve(vec4f(), vec4f(), vec4f());
const NONE_OF_IT = Share(NOTHING, NOTHING, NOTHING);

fn four_of(own: vec4f, lane: u32) -> Four {
  let beside = quadSwapX(own);
  let below = quadSwapY(own);
  let across = quadSwapDiagonal(own);
  let odd = (lane & 1) != 0;
  let high = (lane & 2) != 0;
  let p = select(own, beside, odd);
  let q = select(beside, own, odd);
  let r = select(below, across, odd);
  let s = select(across, below, odd);
  return Four(select(p, r, high), select(q, s, high), select(r, p, high), select(s, q, high));
}

fn onto(sum: f32, x: vec4f, y: vec4f) -> f32 {
  return (((sum + x.x * y.x) + x.y * y.y) + x.z * y.z) + x.w * y.w;
}

fn rows_onto(sum: vec4f, rows: Four, v: vec4f) -> vec4f {
  return vec4f(onto(sum.x, rows.p, v), onto(sum.y, rows.q, v), onto(sum.z, rows.r, v), onto(sum.w, rows.s, v));
}

fn back_onto(sum: vec4f, rows: Four, v: vec4f) -> vec4f {
  return (((sum + rows.p * v.x) + rows.q * v.y) + rows.r * v.z) + rows.s * v.w;
}

fn plus_twelve(one: Twelve, other: Twelve) -> Twelve {
  return Twelve(one.a + other.a, one.b + other.b, one.c + other.c);
}

fn plus_share(one: Share, other: Share) -> Share {
  return Share(plus_twelve(one.x, other.x), plus_twelve(one.y, other.y), plus_twelve(one.z, other.z));
}

// M C, of rows of M and columns of C: columns.
fn times(M: Share, C: Share, lane: u32) -> Share {
  var out = NONE_OF_IT;
  if (BLOCKS > 0) { let rows = four_of(M.x.a, lane); out.x.a = rows_onto(out.x.a, rows, C.x.a); out.y.a = rows_onto(out.y.a, rows, C.y.a); out.z.a = rows_onto(out.z.a, rows, C.z.a); }
  if (BLOCKS > 1) { let rows = four_of(M.x.b, lane); out.x.a = rows_onto(out.x.a, rows, C.x.b); out.y.a = rows_onto(out.y.a, rows, C.y.b); out.z.a = rows_onto(out.z.a, rows, C.z.b); }
  if (BLOCKS > 2) { let rows = four_of(M.x.c, lane); out.x.a = rows_onto(out.x.a, rows, C.x.c); out.y.a = rows_onto(out.y.a, rows, C.y.c); out.z.a = rows_onto(out.z.a, rows, C.z.c); }
  if (BLOCKS > 1) { let rows = four_of(M.y.a, lane); out.x.b = rows_onto(out.x.b, rows, C.x.a); out.y.b = rows_onto(out.y.b, rows, C.y.a); out.z.b = rows_onto(out.z.b, rows, C.z.a); }
  if (BLOCKS > 1) { let rows = four_of(M.y.b, lane); out.x.b = rows_onto(out.x.b, rows, C.x.b); out.y.b = rows_onto(out.y.b, rows, C.y.b); out.z.b = rows_onto(out.z.b, rows, C.z.b); }
  if (BLOCKS > 2) { let rows = four_of(M.y.c, lane); out.x.b = rows_onto(out.x.b, rows, C.x.c); out.y.b = rows_onto(out.y.b, rows, C.y.c); out.z.b = rows_onto(out.z.b, rows, C.z.c); }
  if (BLOCKS > 2) { let rows = four_of(M.z.a, lane); out.x.c = rows_onto(out.x.c, rows, C.x.a); out.y.c = rows_onto(out.y.c, rows, C.y.a); out.z.c = rows_onto(out.z.c, rows, C.z.a); }
  if (BLOCKS > 2) { let rows = four_of(M.z.b, lane); out.x.c = rows_onto(out.x.c, rows, C.x.b); out.y.c = rows_onto(out.y.c, rows, C.y.b); out.z.c = rows_onto(out.z.c, rows, C.z.b); }
  if (BLOCKS > 2) { let rows = four_of(M.z.c, lane); out.x.c = rows_onto(out.x.c, rows, C.x.c); out.y.c = rows_onto(out.y.c, rows, C.y.c); out.z.c = rows_onto(out.z.c, rows, C.z.c); }
  return out;
}

// M^T C.
fn times_transposed(M: Share, C: Share, lane: u32) -> Share {
  var out = NONE_OF_IT;
  if (BLOCKS > 0) { let rows = four_of(M.x.a, lane); out.x.a = back_onto(out.x.a, rows, C.x.a); out.y.a = back_onto(out.y.a, rows, C.y.a); out.z.a = back_onto(out.z.a, rows, C.z.a); }
  if (BLOCKS > 1) { let rows = four_of(M.y.a, lane); out.x.a = back_onto(out.x.a, rows, C.x.b); out.y.a = back_onto(out.y.a, rows, C.y.b); out.z.a = back_onto(out.z.a, rows, C.z.b); }
  if (BLOCKS > 2) { let rows = four_of(M.z.a, lane); out.x.a = back_onto(out.x.a, rows, C.x.c); out.y.a = back_onto(out.y.a, rows, C.y.c); out.z.a = back_onto(out.z.a, rows, C.z.c); }
  if (BLOCKS > 1) { let rows = four_of(M.x.b, lane); out.x.b = back_onto(out.x.b, rows, C.x.a); out.y.b = back_onto(out.y.b, rows, C.y.a); out.z.b = back_onto(out.z.b, rows, C.z.a); }
  if (BLOCKS > 1) { let rows = four_of(M.y.b, lane); out.x.b = back_onto(out.x.b, rows, C.x.b); out.y.b = back_onto(out.y.b, rows, C.y.b); out.z.b = back_onto(out.z.b, rows, C.z.b); }
  if (BLOCKS > 2) { let rows = four_of(M.z.b, lane); out.x.b = back_onto(out.x.b, rows, C.x.c); out.y.b = back_onto(out.y.b, rows, C.y.c); out.z.b = back_onto(out.z.b, rows, C.z.c); }
  if (BLOCKS > 2) { let rows = four_of(M.x.c, lane); out.x.c = back_onto(out.x.c, rows, C.x.a); out.y.c = back_onto(out.y.c, rows, C.y.a); out.z.c = back_onto(out.z.c, rows, C.z.a); }
  if (BLOCKS > 2) { let rows = four_of(M.y.c, lane); out.x.c = back_onto(out.x.c, rows, C.x.b); out.y.c = back_onto(out.y.c, rows, C.y.b); out.z.c = back_onto(out.z.c, rows, C.z.b); }
  if (BLOCKS > 2) { let rows = four_of(M.z.c, lane); out.x.c = back_onto(out.x.c, rows, C.x.c); out.y.c = back_onto(out.y.c, rows, C.y.c); out.z.c = back_onto(out.z.c, rows, C.z.c); }
  return out;
}

fn entry_of(four: vec4f, lane: u32) -> f32 {
  let odd = (lane & 1) != 0;
  return select(select(four.x, four.y, odd), select(four.z, four.w, odd), (lane & 2) != 0);
}

// Entry `lane` of what each of four neighbours has.
fn entries_of(own: vec4f, lane: u32) -> vec4f {
  let four = four_of(own, lane);
  return vec4f(entry_of(four.p, lane), entry_of(four.q, lane), entry_of(four.r, lane), entry_of(four.s, lane));
}

// Adds to rows of G R^T what four columns of both make of them.
fn outer_onto(sum: Share, G: Twelve, R: Twelve, lane: u32) -> Share {
  var out = sum;
  let ga = entries_of(G.a, lane);
  let gb = entries_of(G.b, lane);
  let gc = entries_of(G.c, lane);
  if (BLOCKS > 0) { let columns = four_of(R.a, lane);  out.x.a = back_onto(out.x.a, columns, ga); out.y.a = back_onto(out.y.a, columns, gb); out.z.a = back_onto(out.z.a, columns, gc); }
  if (BLOCKS > 1) { let columns = four_of(R.b, lane);  out.x.b = back_onto(out.x.b, columns, ga); out.y.b = back_onto(out.y.b, columns, gb); out.z.b = back_onto(out.z.b, columns, gc); }
  if (BLOCKS > 2) { let columns = four_of(R.c, lane);  out.x.c = back_onto(out.x.c, columns, ga); out.y.c = back_onto(out.y.c, columns, gb); out.z.c = back_onto(out.z.c, columns, gc); }
  return out;
}

// G R^T, of columns of both: rows.
fn outer(G: Share, R: Share, lane: u32) -> Share {
  var out = outer_onto(NONE_OF_IT, G.x, R.x, lane);
  if (BLOCKS > 1) { out = outer_onto(out, G.y, R.y, lane); }
  if (BLOCKS > 2) { out = outer_onto(out, G.z, R.z, lane); }
  return out;
}

// Numbers at `at + down i` for i below `count`, zeros past it.
fn line_of(at: u32, down: u32, first: u32, count: u32) -> vec4f {
  let last = max(count, 1) - 1;
  return vec4f(
    select(0.0, state[at + down * min(first, last)], first < count),
    select(0.0, state[at + down * min(first + 1, last)], first + 1 < count),
    select(0.0, state[at + down * min(first + 2, last)], first + 2 < count),
    select(0.0, state[at + down * min(first + 3, last)], first + 3 < count));
}

fn twelve_of(at: u32, down: u32, count: u32, is_there: bool) -> Twelve {
  if (!is_there) {
    return NOTHING;
  }
  return Twelve(line_of(at, down, 0, count), line_of(at, down, 4, count), line_of(at, down, 8, count));
}

// A matrix [rows, columns]: a neighbour's rows, or its columns.
fn rows_of(at: u32, rows: u32, columns: u32, lane: u32) -> Share {
  return Share(
    twelve_of(at + lane * columns, 1, columns, lane < rows),
    twelve_of(at + (lane + 4) * columns, 1, columns, lane + 4 < rows),
    twelve_of(at + (lane + 8) * columns, 1, columns, lane + 8 < rows));
}

fn columns_of(at: u32, rows: u32, columns: u32, lane: u32) -> Share {
  return Share(
    twelve_of(at + lane, columns, rows, lane < columns),
    twelve_of(at + lane + 4, columns, rows, lane + 4 < columns),
    twelve_of(at + lane + 8, columns, rows, lane + 8 < columns));
}

fn put_line(at: u32, down: u32, first: u32, count: u32, values: vec4f) {
  if (first < count) { state[at + down * first] = values.x; }
  if (first + 1 < count) { state[at + down * (first + 1)] = values.y; }
  if (first + 2 < count) { state[at + down * (first + 2)] = values.z; }
  if (first + 3 < count) { state[at + down * (first + 3)] = values.w; }
}

fn put_twelve(at: u32, down: u32, count: u32, is_there: bool, values: Twelve) {
  if (is_there) {
    put_line(at, down, 0, count, values.a);
    put_line(at, down, 4, count, values.b);
    put_line(at, down, 8, count, values.c);
  }
}

fn put_rows(at: u32, rows: u32, columns: u32, lane: u32, values: Share) {
  put_twelve(at + lane * columns, 1, columns, lane < rows, values.x);
  put_twelve(at + (lane + 4) * columns, 1, columns, lane + 4 < rows, values.y);
  put_twelve(at + (lane + 8) * columns, 1, columns, lane + 8 < rows, values.z);
}

fn put_columns(at: u32, rows: u32, columns: u32, lane: u32, values: Share) {
  put_twelve(at + lane, columns, rows, lane < columns, values.x);
  put_twelve(at + lane + 4, columns, rows, lane + 4 < columns, values.y);
  put_twelve(at + lane + 8, columns, rows, lane + 8 < columns, values.z);
}

// A column of W_2 W_1 at the start.
fn start_column(at: u32, two: u32, column: u32) -> Twelve {
  var four: array<vec4f, 3>;
  for (var i = 0u; i < params.second && column < params.columns; i++) {
    var sum = 0.0;
    for (var k = 0u; k < params.first; k++) {
      sum += state[at + two + i * params.first + k] * state[at + k * params.columns + column];
    }
    four[i / 4][i % 4] = sum;
  }
  return Twelve(four[0], four[1], four[2]);
}

// Of entries that are seen, what they are, and 1.
fn seen_of(targets_at: u32, seen_at: u32, first: u32, column: u32) -> array<vec4f, 2> {
  var both: array<vec4f, 2>;
  for (var k = 0u; k < 4; k++) {
    if (first + k < params.rows && column < params.columns) {
      let cell = (first + k) * params.columns + column;
      both[0][k] = targets[targets_at + cell];
      both[1][k] = seen[seen_at + cell];
    }
  }
  return both;
}

fn descended4(v: vec4f, scale: f32, g: vec4f, trains: bool) -> vec4f {
  return select(v, v + scale * g, trains);
}

fn descended12(v: Twelve, scale: f32, g: Twelve, trains: bool) -> Twelve {
  return Twelve(
    descended4(v.a, scale, g.a, trains), descended4(v.b, scale, g.b, trains), descended4(v.c, scale, g.c, trains));
}

fn descended(v: Share, scale: f32, g: Share, trains: bool) -> Share {
  return Share(
    descended12(v.x, scale, g.x, trains), descended12(v.y, scale, g.y, trains), descended12(v.z, scale, g.z, trains));
}

fn are_twelve_finite(v: Twelve) -> bool {
  return are_finite(v.a) && are_finite(v.b) && are_finite(v.c);
}

fn are_all_finite(v: Share) -> bool {
  return are_twelve_finite(v.x) && are_twelve_finite(v.y) && are_twelve_finite(v.z);
}

fn missed(C: Twelve, A: f32, y: Twelve, there: Twelve) -> Twelve {
  return Twelve(there.a * (A * C.a - y.a), there.b * (A * C.b - y.b), there.c * (A * C.c - y.c));
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = group.x * TILE;
  let run = tiles[tile + 4] / params.channels;
  let numbers = runs[run];
  let scale = -1.0 * (numbers.rate * step.scale);
  let A = numbers.output_scale;
  let n = params.columns;
  let at = run * params.stride;
  let moved = at + params.parameters;
  // Where W_2 and W_3 begin, and their rows.
  let two = params.first * n;
  let three = two + params.second * params.first;
  let a1 = columns_of(at, params.first, n, lane);
  var v1 = columns_of(moved, params.first, n, lane);
  let a2 = rows_of(at + two, params.second, params.first, lane);
  var v2 = rows_of(moved + two, params.second, params.first, lane);
  var a3 = NONE_OF_IT;
  var v3 = NONE_OF_IT;
  var R03 = NONE_OF_IT;
  if (DEPTH > 2) {
    a3 = rows_of(at + three, params.rows, params.second, lane);
    v3 = rows_of(moved + three, params.rows, params.second, lane);
    R03 = Share(
      start_column(at, two, lane), start_column(at, two, lane + 4), start_column(at, two, lane + 8));
  }
  var y = NONE_OF_IT;
  var there = NONE_OF_IT;
  let targets_at = tiles[tile + 1] * params.rows * n;
  let seen_at = tiles[tile] * params.rows * n;
  if (BLOCKS > 0) { let both = seen_of(targets_at, seen_at, 0, lane + 0); y.x.a = both[0]; there.x.a = both[1]; }
  if (BLOCKS > 1) { let both = seen_of(targets_at, seen_at, 4, lane + 0); y.x.b = both[0]; there.x.b = both[1]; }
  if (BLOCKS > 2) { let both = seen_of(targets_at, seen_at, 8, lane + 0); y.x.c = both[0]; there.x.c = both[1]; }
  if (BLOCKS > 1) { let both = seen_of(targets_at, seen_at, 0, lane + 4); y.y.a = both[0]; there.y.a = both[1]; }
  if (BLOCKS > 1) { let both = seen_of(targets_at, seen_at, 4, lane + 4); y.y.b = both[0]; there.y.b = both[1]; }
  if (BLOCKS > 2) { let both = seen_of(targets_at, seen_at, 8, lane + 4); y.y.c = both[0]; there.y.c = both[1]; }
  if (BLOCKS > 2) { let both = seen_of(targets_at, seen_at, 0, lane + 8); y.z.a = both[0]; there.z.a = both[1]; }
  if (BLOCKS > 2) { let both = seen_of(targets_at, seen_at, 4, lane + 8); y.z.b = both[0]; there.z.b = both[1]; }
  if (BLOCKS > 2) { let both = seen_of(targets_at, seen_at, 8, lane + 8); y.z.c = both[0]; there.z.c = both[1]; }
  var end = atomicLoad(&horizon[2 * run]);
  var diverged = false;

  for (var updates = step.index; updates < step.index + step.order; updates++) {
    let w1 = plus_share(a1, v1);
    let w2 = plus_share(a2, v2);
    var w3 = NONE_OF_IT;
    let C2 = plus_share(times(w2, v1, lane), times(v2, a1, lane));
    var C = C2;
    if (DEPTH > 2) {
      w3 = plus_share(a3, v3);
      C = plus_share(times(w3, C2, lane), times(v3, R03, lane));
    }
    let G = Share(missed(C.x, A, y.x, there.x), missed(C.y, A, y.y, there.y), missed(C.z, A, y.z, there.z));
    let trains = updates < end;
    var B2 = G;
    if (DEPTH > 2) {
      B2 = times_transposed(w3, G, lane);
      v3 = descended(v3, scale, outer(G, plus_share(R03, C2), lane), trains);
    }
    let B1 = times_transposed(w2, B2, lane);
    v2 = descended(v2, scale, outer(B2, w1, lane), trains);
    v1 = descended(v1, scale, B1, trains);
    var overflow = u32(!(are_all_finite(v1) && are_all_finite(v2) && are_all_finite(v3)));
    overflow |= quadSwapX(overflow);
    overflow |= quadSwapY(overflow);
    if (trains && overflow != 0) {
      end = updates + 1;
      diverged = true;
    }
  }

  put_columns(moved, params.first, n, lane, v1);
  put_rows(moved + two, params.second, params.first, lane, v2);
  if (DEPTH > 2) {
    put_rows(moved + three, params.rows, params.second, lane, v3);
  }
  if (diverged) {
    atomicStore(&horizon[2 * run], end);
    atomicStore(&horizon[2 * run + 1], DIVERGED);
  }
}
