// Many descent steps of matrix models W = W_D .. W_1 of 2 or 3 factors, sides at most 12, on entries of W, each run by one
// invocation: what matrix_runs.wgsl does with one copy and nothing trained beside, bit for bit.
//
//   C_l = w_l C_(l-1) + v_l R0_l   G = seen (A C_D - y)   B_(l-1) = w_l^T B_l   v_l <- v_l - rate B_l R_l^T
//
// All numbers of a run are named, none is at a place that varies, and no product is in a loop: on a software adapter whose
// compiler keeps sums in registers only while nothing else happens, what a loop carries from turn to turn costs more than
// products. Sides are rounded up to SIDE: zeros there change nothing.
//
//   state [runs, stride] as coordinates.ts lists it: a, v   observed [., rows, columns]: what is seen, or 1 there, else 0
//   places [runs, 2]: where in it a run's targets begin, and what it sees
//
// A workgroup owns LANES runs, whatever their data (x: entry of the tile table); the invocations left over repeat the last run
// and write nothing. Sums run in index order, from their first term: of the bits only the sign of a sum of zeros may be another,
// which no weight sees. Errors are those of matrix_runs.wgsl.

// use ending
// use finite
// use matrix_run

// 4, 8, 10 or 12: no side of any factor is longer.
override SIDE: u32 = 10;
override DEPTH: u32 = 2;
// Lanes of a vector: runs that a tile has room for.
override LANES: u32 = 4;

@group(0) @binding(3) var<storage, read> places: array<u32>;
@group(0) @binding(4) var<storage, read> observed: array<f32>;

// Twelve numbers: a row.
struct Row {
  a: vec4f,
  b: vec4f,
  c: vec2f,
  d: vec2f,
}

// A matrix, row after row.
struct Square {
  r0: Row,
  r1: Row,
  r2: Row,
  r3: Row,
  r4: Row,
  r5: Row,
  r6: Row,
  r7: Row,
  r8: Row,
  r9: Row,
  r10: Row,
  r11: Row,
}

const NONE = Row(vec4f(), vec4f(), vec2f(), vec2f());
const NOTHING = Square(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE);

// Sum over k of w[k] r_k.
fn sum4(
  w: Row, r0: vec4f, r1: vec4f, r2: vec4f, r3: vec4f, r4: vec4f, r5: vec4f,
  r6: vec4f, r7: vec4f, r8: vec4f, r9: vec4f, r10: vec4f, r11: vec4f
) -> vec4f {
  var sum = ((w.a.x * r0 + w.a.y * r1) + w.a.z * r2) + w.a.w * r3;
  if (SIDE > 4) { sum = (((sum + w.b.x * r4) + w.b.y * r5) + w.b.z * r6) + w.b.w * r7; }
  if (SIDE > 8) { sum = (sum + w.c.x * r8) + w.c.y * r9; }
  if (SIDE > 10) { sum = (sum + w.d.x * r10) + w.d.y * r11; }
  return sum;
}

fn sum2(
  w: Row, r0: vec2f, r1: vec2f, r2: vec2f, r3: vec2f, r4: vec2f, r5: vec2f,
  r6: vec2f, r7: vec2f, r8: vec2f, r9: vec2f, r10: vec2f, r11: vec2f
) -> vec2f {
  var sum = ((w.a.x * r0 + w.a.y * r1) + w.a.z * r2) + w.a.w * r3;
  if (SIDE > 4) { sum = (((sum + w.b.x * r4) + w.b.y * r5) + w.b.z * r6) + w.b.w * r7; }
  if (SIDE > 8) { sum = (sum + w.c.x * r8) + w.c.y * r9; }
  if (SIDE > 10) { sum = (sum + w.d.x * r10) + w.d.y * r11; }
  return sum;
}

// w M.
fn row_times(w: Row, M: Square) -> Row {
  var out = NONE;
  out.a = sum4(
    w, M.r0.a, M.r1.a, M.r2.a, M.r3.a, M.r4.a, M.r5.a,
    M.r6.a, M.r7.a, M.r8.a, M.r9.a, M.r10.a, M.r11.a);
  if (SIDE > 4) {
    out.b = sum4(
      w, M.r0.b, M.r1.b, M.r2.b, M.r3.b, M.r4.b, M.r5.b,
      M.r6.b, M.r7.b, M.r8.b, M.r9.b, M.r10.b, M.r11.b);
  }
  if (SIDE > 8) {
    out.c = sum2(
      w, M.r0.c, M.r1.c, M.r2.c, M.r3.c, M.r4.c, M.r5.c,
      M.r6.c, M.r7.c, M.r8.c, M.r9.c, M.r10.c, M.r11.c);
  }
  if (SIDE > 10) {
    out.d = sum2(
      w, M.r0.d, M.r1.d, M.r2.d, M.r3.d, M.r4.d, M.r5.d,
      M.r6.d, M.r7.d, M.r8.d, M.r9.d, M.r10.d, M.r11.d);
  }
  return out;
}

// M N.
fn times(M: Square, N: Square) -> Square {
  var out = NOTHING;
  out.r0 = row_times(M.r0, N);
  out.r1 = row_times(M.r1, N);
  out.r2 = row_times(M.r2, N);
  out.r3 = row_times(M.r3, N);
  if (SIDE > 4) { out.r4 = row_times(M.r4, N); }
  if (SIDE > 4) { out.r5 = row_times(M.r5, N); }
  if (SIDE > 4) { out.r6 = row_times(M.r6, N); }
  if (SIDE > 4) { out.r7 = row_times(M.r7, N); }
  if (SIDE > 8) { out.r8 = row_times(M.r8, N); }
  if (SIDE > 8) { out.r9 = row_times(M.r9, N); }
  if (SIDE > 10) { out.r10 = row_times(M.r10, N); }
  if (SIDE > 10) { out.r11 = row_times(M.r11, N); }
  return out;
}

fn transposed(M: Square) -> Square {
  return Square(
    Row(vec4f(M.r0.a.x, M.r1.a.x, M.r2.a.x, M.r3.a.x), vec4f(M.r4.a.x, M.r5.a.x, M.r6.a.x, M.r7.a.x),
      vec2f(M.r8.a.x, M.r9.a.x), vec2f(M.r10.a.x, M.r11.a.x)),
    Row(vec4f(M.r0.a.y, M.r1.a.y, M.r2.a.y, M.r3.a.y), vec4f(M.r4.a.y, M.r5.a.y, M.r6.a.y, M.r7.a.y),
      vec2f(M.r8.a.y, M.r9.a.y), vec2f(M.r10.a.y, M.r11.a.y)),
    Row(vec4f(M.r0.a.z, M.r1.a.z, M.r2.a.z, M.r3.a.z), vec4f(M.r4.a.z, M.r5.a.z, M.r6.a.z, M.r7.a.z),
      vec2f(M.r8.a.z, M.r9.a.z), vec2f(M.r10.a.z, M.r11.a.z)),
    Row(vec4f(M.r0.a.w, M.r1.a.w, M.r2.a.w, M.r3.a.w), vec4f(M.r4.a.w, M.r5.a.w, M.r6.a.w, M.r7.a.w),
      vec2f(M.r8.a.w, M.r9.a.w), vec2f(M.r10.a.w, M.r11.a.w)),
    Row(vec4f(M.r0.b.x, M.r1.b.x, M.r2.b.x, M.r3.b.x), vec4f(M.r4.b.x, M.r5.b.x, M.r6.b.x, M.r7.b.x),
      vec2f(M.r8.b.x, M.r9.b.x), vec2f(M.r10.b.x, M.r11.b.x)),
    Row(vec4f(M.r0.b.y, M.r1.b.y, M.r2.b.y, M.r3.b.y), vec4f(M.r4.b.y, M.r5.b.y, M.r6.b.y, M.r7.b.y),
      vec2f(M.r8.b.y, M.r9.b.y), vec2f(M.r10.b.y, M.r11.b.y)),
    Row(vec4f(M.r0.b.z, M.r1.b.z, M.r2.b.z, M.r3.b.z), vec4f(M.r4.b.z, M.r5.b.z, M.r6.b.z, M.r7.b.z),
      vec2f(M.r8.b.z, M.r9.b.z), vec2f(M.r10.b.z, M.r11.b.z)),
    Row(vec4f(M.r0.b.w, M.r1.b.w, M.r2.b.w, M.r3.b.w), vec4f(M.r4.b.w, M.r5.b.w, M.r6.b.w, M.r7.b.w),
      vec2f(M.r8.b.w, M.r9.b.w), vec2f(M.r10.b.w, M.r11.b.w)),
    Row(vec4f(M.r0.c.x, M.r1.c.x, M.r2.c.x, M.r3.c.x), vec4f(M.r4.c.x, M.r5.c.x, M.r6.c.x, M.r7.c.x),
      vec2f(M.r8.c.x, M.r9.c.x), vec2f(M.r10.c.x, M.r11.c.x)),
    Row(vec4f(M.r0.c.y, M.r1.c.y, M.r2.c.y, M.r3.c.y), vec4f(M.r4.c.y, M.r5.c.y, M.r6.c.y, M.r7.c.y),
      vec2f(M.r8.c.y, M.r9.c.y), vec2f(M.r10.c.y, M.r11.c.y)),
    Row(vec4f(M.r0.d.x, M.r1.d.x, M.r2.d.x, M.r3.d.x), vec4f(M.r4.d.x, M.r5.d.x, M.r6.d.x, M.r7.d.x),
      vec2f(M.r8.d.x, M.r9.d.x), vec2f(M.r10.d.x, M.r11.d.x)),
    Row(vec4f(M.r0.d.y, M.r1.d.y, M.r2.d.y, M.r3.d.y), vec4f(M.r4.d.y, M.r5.d.y, M.r6.d.y, M.r7.d.y),
      vec2f(M.r8.d.y, M.r9.d.y), vec2f(M.r10.d.y, M.r11.d.y)));
}

fn plus_row(one: Row, other: Row) -> Row {
  var out = NONE;
  out.a = one.a + other.a;
  if (SIDE > 4) { out.b = one.b + other.b; }
  if (SIDE > 8) { out.c = one.c + other.c; }
  if (SIDE > 10) { out.d = one.d + other.d; }
  return out;
}

fn plus(one: Square, other: Square) -> Square {
  var out = NOTHING;
  out.r0 = plus_row(one.r0, other.r0);
  out.r1 = plus_row(one.r1, other.r1);
  out.r2 = plus_row(one.r2, other.r2);
  out.r3 = plus_row(one.r3, other.r3);
  if (SIDE > 4) { out.r4 = plus_row(one.r4, other.r4); }
  if (SIDE > 4) { out.r5 = plus_row(one.r5, other.r5); }
  if (SIDE > 4) { out.r6 = plus_row(one.r6, other.r6); }
  if (SIDE > 4) { out.r7 = plus_row(one.r7, other.r7); }
  if (SIDE > 8) { out.r8 = plus_row(one.r8, other.r8); }
  if (SIDE > 8) { out.r9 = plus_row(one.r9, other.r9); }
  if (SIDE > 10) { out.r10 = plus_row(one.r10, other.r10); }
  if (SIDE > 10) { out.r11 = plus_row(one.r11, other.r11); }
  return out;
}

fn missed_row(C: Row, A: f32, y: Row, there: Row) -> Row {
  var out = NONE;
  out.a = there.a * (A * C.a - y.a);
  if (SIDE > 4) { out.b = there.b * (A * C.b - y.b); }
  if (SIDE > 8) { out.c = there.c * (A * C.c - y.c); }
  if (SIDE > 10) { out.d = there.d * (A * C.d - y.d); }
  return out;
}

fn missed(C: Square, A: f32, y: Square, there: Square) -> Square {
  var out = NOTHING;
  out.r0 = missed_row(C.r0, A, y.r0, there.r0);
  out.r1 = missed_row(C.r1, A, y.r1, there.r1);
  out.r2 = missed_row(C.r2, A, y.r2, there.r2);
  out.r3 = missed_row(C.r3, A, y.r3, there.r3);
  if (SIDE > 4) { out.r4 = missed_row(C.r4, A, y.r4, there.r4); }
  if (SIDE > 4) { out.r5 = missed_row(C.r5, A, y.r5, there.r5); }
  if (SIDE > 4) { out.r6 = missed_row(C.r6, A, y.r6, there.r6); }
  if (SIDE > 4) { out.r7 = missed_row(C.r7, A, y.r7, there.r7); }
  if (SIDE > 8) { out.r8 = missed_row(C.r8, A, y.r8, there.r8); }
  if (SIDE > 8) { out.r9 = missed_row(C.r9, A, y.r9, there.r9); }
  if (SIDE > 10) { out.r10 = missed_row(C.r10, A, y.r10, there.r10); }
  if (SIDE > 10) { out.r11 = missed_row(C.r11, A, y.r11, there.r11); }
  return out;
}

fn descended_row(v: Row, scale: f32, g: Row, trains: bool) -> Row {
  var out = NONE;
  out.a = select(v.a, v.a + scale * g.a, trains);
  if (SIDE > 4) { out.b = select(v.b, v.b + scale * g.b, trains); }
  if (SIDE > 8) { out.c = select(v.c, v.c + scale * g.c, trains); }
  if (SIDE > 10) { out.d = select(v.d, v.d + scale * g.d, trains); }
  return out;
}

fn descended(v: Square, scale: f32, g: Square, trains: bool) -> Square {
  var out = NOTHING;
  out.r0 = descended_row(v.r0, scale, g.r0, trains);
  out.r1 = descended_row(v.r1, scale, g.r1, trains);
  out.r2 = descended_row(v.r2, scale, g.r2, trains);
  out.r3 = descended_row(v.r3, scale, g.r3, trains);
  if (SIDE > 4) { out.r4 = descended_row(v.r4, scale, g.r4, trains); }
  if (SIDE > 4) { out.r5 = descended_row(v.r5, scale, g.r5, trains); }
  if (SIDE > 4) { out.r6 = descended_row(v.r6, scale, g.r6, trains); }
  if (SIDE > 4) { out.r7 = descended_row(v.r7, scale, g.r7, trains); }
  if (SIDE > 8) { out.r8 = descended_row(v.r8, scale, g.r8, trains); }
  if (SIDE > 8) { out.r9 = descended_row(v.r9, scale, g.r9, trains); }
  if (SIDE > 10) { out.r10 = descended_row(v.r10, scale, g.r10, trains); }
  if (SIDE > 10) { out.r11 = descended_row(v.r11, scale, g.r11, trains); }
  return out;
}

fn is_row_finite(row: Row) -> bool {
  var finite = are_finite(row.a);
  if (SIDE > 4) { finite = finite && are_finite(row.b); }
  if (SIDE > 8) { finite = finite && are_finite(vec4f(row.c, row.d)); }
  return finite;
}

fn are_all_finite(M: Square) -> bool {
  var finite = is_row_finite(M.r0) && is_row_finite(M.r1) && is_row_finite(M.r2) && is_row_finite(M.r3);
  if (SIDE > 4) { finite = finite && is_row_finite(M.r4) && is_row_finite(M.r5) && is_row_finite(M.r6) && is_row_finite(M.r7); }
  if (SIDE > 8) { finite = finite && is_row_finite(M.r8) && is_row_finite(M.r9); }
  if (SIDE > 10) { finite = finite && is_row_finite(M.r10) && is_row_finite(M.r11); }
  return finite;
}

// Numbers of a matrix, 12 a row; zeros where it has none.
alias Cells = array<f32, 144>;

fn row_of(cells: ptr<function, Cells>, at: u32) -> Row {
  return Row(
    vec4f(cells[at], cells[at + 1], cells[at + 2], cells[at + 3]),
    vec4f(cells[at + 4], cells[at + 5], cells[at + 6], cells[at + 7]),
    vec2f(cells[at + 8], cells[at + 9]), vec2f(cells[at + 10], cells[at + 11]));
}

fn square_of(cells: ptr<function, Cells>) -> Square {
  return Square(
    row_of(cells, 0), row_of(cells, 12), row_of(cells, 24),
    row_of(cells, 36), row_of(cells, 48), row_of(cells, 60),
    row_of(cells, 72), row_of(cells, 84), row_of(cells, 96),
    row_of(cells, 108), row_of(cells, 120), row_of(cells, 132));
}

// Loads are compiled once: a loop puts numbers where constant places find them.
fn matrix_of(at: u32, rows: u32, columns: u32) -> Square {
  var cells = Cells();
  for (var i = 0u; i < rows; i++) {
    for (var j = 0u; j < columns; j++) {
      cells[12 * i + j] = state[at + i * columns + j];
    }
  }
  return square_of(&cells);
}

fn observed_of(at: u32) -> Square {
  var cells = Cells();
  for (var i = 0u; i < params.rows; i++) {
    for (var j = 0u; j < params.columns; j++) {
      cells[12 * i + j] = observed[at + i * params.columns + j];
    }
  }
  return square_of(&cells);
}

fn put_row(cells: ptr<function, Cells>, at: u32, row: Row) {
  cells[at] = row.a.x; cells[at + 1] = row.a.y; cells[at + 2] = row.a.z; cells[at + 3] = row.a.w;
  cells[at + 4] = row.b.x; cells[at + 5] = row.b.y; cells[at + 6] = row.b.z; cells[at + 7] = row.b.w;
  cells[at + 8] = row.c.x; cells[at + 9] = row.c.y; cells[at + 10] = row.d.x; cells[at + 11] = row.d.y;
}

fn put_matrix(at: u32, rows: u32, columns: u32, M: Square) {
  var cells = Cells();
  put_row(&cells, 0, M.r0); put_row(&cells, 12, M.r1);
  put_row(&cells, 24, M.r2); put_row(&cells, 36, M.r3);
  put_row(&cells, 48, M.r4); put_row(&cells, 60, M.r5);
  put_row(&cells, 72, M.r6); put_row(&cells, 84, M.r7);
  put_row(&cells, 96, M.r8); put_row(&cells, 108, M.r9);
  put_row(&cells, 120, M.r10); put_row(&cells, 132, M.r11);
  for (var i = 0u; i < rows; i++) {
    for (var j = 0u; j < columns; j++) {
      state[at + i * columns + j] = cells[12 * i + j];
    }
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = group.x * (4 + LANES);
  let run = tiles[tile + 4 + lane];
  let numbers = runs[run];
  let scale = -1.0 * (numbers.rate * step.scale);
  let A = numbers.output_scale;
  let at = run * params.stride;
  let moved = at + params.parameters;
  // Where W_2 and W_3 begin.
  let two = params.first * params.columns;
  let three = two + params.second * params.first;
  let a1 = matrix_of(at, params.first, params.columns);
  var v1 = matrix_of(moved, params.first, params.columns);
  let a2 = matrix_of(at + two, params.second, params.first);
  var v2 = matrix_of(moved + two, params.second, params.first);
  var a3 = NOTHING;
  var v3 = NOTHING;
  var R03 = NOTHING;
  if (DEPTH > 2) {
    a3 = matrix_of(at + three, params.rows, params.second);
    v3 = matrix_of(moved + three, params.rows, params.second);
    R03 = times(a2, a1);
  }
  let y = observed_of(places[2 * run]);
  let there = observed_of(places[2 * run + 1]);
  var end = atomicLoad(&horizon[2 * run]);
  var diverged = false;

  for (var updates = step.index; updates < step.index + step.order; updates++) {
    let w1 = plus(a1, v1);
    let w2 = plus(a2, v2);
    var w3 = NOTHING;
    let C2 = plus(times(w2, v1), times(v2, a1));
    var C = C2;
    if (DEPTH > 2) {
      w3 = plus(a3, v3);
      C = plus(times(w3, C2), times(v3, R03));
    }
    let G = missed(C, A, y, there);
    let trains = updates < end;
    var B2 = G;
    if (DEPTH > 2) {
      B2 = times(transposed(w3), G);
      v3 = descended(v3, scale, times(G, transposed(plus(R03, C2))), trains);
    }
    let B1 = times(transposed(w2), B2);
    v2 = descended(v2, scale, times(B2, transposed(w1)), trains);
    v1 = descended(v1, scale, B1, trains);
    if (trains && !(are_all_finite(v1) && are_all_finite(v2) && are_all_finite(v3))) {
      end = updates + 1;
      diverged = true;
    }
  }

  if (lane >= tiles[tile + 3]) {
    return;
  }
  put_matrix(moved, params.first, params.columns, v1);
  put_matrix(moved + two, params.second, params.first, v2);
  if (DEPTH > 2) {
    put_matrix(moved + three, params.rows, params.second, v3);
  }
  if (diverged) {
    atomicStore(&horizon[2 * run], end);
    atomicStore(&horizon[2 * run + 1], DIVERGED);
  }
}
