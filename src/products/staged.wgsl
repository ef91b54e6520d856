// A workgroup owns ROWS rows (y) and LANES columns (x), an invocation one column; rows wait in workgroup memory, some terms at a
// time, which are loaded once for the workgroup. For GPUs, where workgroup memory is near. COLUMNS is 1.

// use rows

override LANES: u32 = 64;

const AHEAD = 16u;

// Of a term, then a group of rows. A group has one writer.
var<workgroup> waiting: array<FourLefts, GROUPS * AHEAD>;

fn lefts_waiting(k: u32) -> Lefts {
  var lefts = Lefts();
  lefts[0] = waiting[k * GROUPS];
  if (ROWS > 4) { lefts[G1] = waiting[k * GROUPS + G1]; }
  if (ROWS > 8) { lefts[G2] = waiting[k * GROUPS + G2]; }
  if (ROWS > 12) { lefts[G3] = waiting[k * GROUPS + G3]; }
  if (ROWS > 16) { lefts[G4] = waiting[k * GROUPS + G4]; }
  return lefts;
}

@compute @workgroup_size(LANES)
fn staged(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let product = product_of(group.z);
  let terms = size_of(product).terms;
  let i = group.y * ROWS;
  let j = group.x * LANES + lane;
  let columns = columns_from(product, j, LANES);
  var sums = Block();
  for (var begun = 0u; begun < terms; begun += AHEAD) {
    let count = min(AHEAD, terms - begun);
    for (var place = lane; place < GROUPS * AHEAD; place += LANES) {
      let k = place % AHEAD;
      if (k < count) {
        let four = four_rows(product, i + 4 * (place / AHEAD));
        waiting[k * GROUPS + place / AHEAD] = four_lefts(product, four, term_of(product, begun + k));
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < count; k++) {
      sums = with_term(sums, product, columns, lefts_waiting(k), term_of(product, begun + k));
    }
    workgroupBarrier();
  }
  if (is_inside(product, i, j)) {
    put_block(product, i, rows_from(product, i), columns, j, LANES, sums);
  }
}
