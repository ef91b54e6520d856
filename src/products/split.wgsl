// A workgroup owns a block of ROWS rows (y) x COLUMNS columns (x). Each lane takes every LANES-th term and keeps all sums in
// registers, so that neighbours load neighbours; lanes are then added in order: of n terms a sum has gone through n / LANES + LANES
// additions. For products of few rows and columns and many terms.

// use rows

override LANES: u32 = 4;

// Sums of every lane: column, row, then lane.
var<workgroup> kept: array<Sum, COLUMNS * ROWS * LANES>;

fn keep(place: u32, lane: u32, sum: Sum) {
  kept[place * LANES + lane] = sum;
}

fn keep_four(place: u32, lane: u32, sums: FourSums) {
  keep(place, lane, sums[0]);
  if (ROWS > 1) {
    keep(place + 1, lane, sums[R1]);
    keep(place + 2, lane, sums[R2]);
    keep(place + 3, lane, sums[R3]);
  }
}

fn keep_column(place: u32, lane: u32, sums: Sums) {
  keep_four(place, lane, sums.groups[0]);
  if (ROWS > 4) { keep_four(place + 4, lane, sums.groups[G1]); }
  if (ROWS > 8) { keep_four(place + 8, lane, sums.groups[G2]); }
  if (ROWS > 12) { keep_four(place + 12, lane, sums.groups[G3]); }
  if (ROWS > 16) { keep_four(place + 16, lane, sums.groups[G4]); }
}

@compute @workgroup_size(LANES)
fn split(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let product = product_of(group.z);
  let size = size_of(product);
  let first_row = group.y * ROWS;
  let first_column = group.x * COLUMNS;
  let rows = rows_from(product, first_row);
  let held = part_of_sums(product, rows, columns_from(product, first_column, 1), lane, LANES);
  keep_column(0, lane, held[0]);
  if (COLUMNS > 1) { keep_column(ROWS, lane, held[C1]); }
  if (COLUMNS > 2) { keep_column(2 * ROWS, lane, held[C2]); }
  if (COLUMNS > 3) { keep_column(3 * ROWS, lane, held[C3]); }
  if (COLUMNS > 4) { keep_column(4 * ROWS, lane, held[C4]); }
  if (COLUMNS > 5) { keep_column(5 * ROWS, lane, held[C5]); }
  if (COLUMNS > 6) { keep_column(6 * ROWS, lane, held[C6]); }
  if (COLUMNS > 7) { keep_column(7 * ROWS, lane, held[C7]); }
  if (COLUMNS > 8) { keep_column(8 * ROWS, lane, held[C8]); }
  if (COLUMNS > 9) { keep_column(9 * ROWS, lane, held[C9]); }
  workgroupBarrier();
  for (var place = lane; place < COLUMNS * ROWS; place += LANES) {
    var sum = Sum();
    for (var other = 0u; other < LANES; other++) {
      sum += kept[place * LANES + other];
    }
    let i = first_row + place % ROWS;
    let j = first_column + place / ROWS;
    if (i < size.rows && j < size.columns) {
      let row = row_of(product, i);
      let column = column_of(product, j);
      put(product, row, column, sum);
    }
  }
}
