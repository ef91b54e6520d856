// Sums of a block whose rows are each loaded by whoever multiplies them.

// use term

fn four_rows(product: Product, i: u32) -> FourRows {
  var rows = FourRows();
  rows[0] = row_of(product, i);
  if (ROWS > 1) {
    rows[R1] = row_of(product, i + 1);
    rows[R2] = row_of(product, i + 2);
    rows[R3] = row_of(product, i + 3);
  }
  return rows;
}

fn rows_from(product: Product, i: u32) -> Rows {
  var rows = Rows();
  rows[0] = four_rows(product, i);
  if (ROWS > 4) { rows[G1] = four_rows(product, i + 4); }
  if (ROWS > 8) { rows[G2] = four_rows(product, i + 8); }
  if (ROWS > 12) { rows[G3] = four_rows(product, i + 12); }
  if (ROWS > 16) { rows[G4] = four_rows(product, i + 16); }
  return rows;
}

fn four_lefts(product: Product, rows: FourRows, term: Term) -> FourLefts {
  var lefts = FourLefts();
  lefts[0] = left_at(product, rows[0], term);
  if (ROWS > 1) {
    lefts[R1] = left_at(product, rows[R1], term);
    lefts[R2] = left_at(product, rows[R2], term);
    lefts[R3] = left_at(product, rows[R3], term);
  }
  return lefts;
}

fn lefts_of(product: Product, rows: Rows, term: Term) -> Lefts {
  var lefts = Lefts();
  lefts[0] = four_lefts(product, rows[0], term);
  if (ROWS > 4) { lefts[G1] = four_lefts(product, rows[G1], term); }
  if (ROWS > 8) { lefts[G2] = four_lefts(product, rows[G2], term); }
  if (ROWS > 12) { lefts[G3] = four_lefts(product, rows[G3], term); }
  if (ROWS > 16) { lefts[G4] = four_lefts(product, rows[G4], term); }
  return lefts;
}

alias Held = Rows;

// Of every `apart`-th term from the first one on.
fn part_of_sums(product: Product, held: Held, columns: Columns, first: u32, apart: u32) -> Block {
  let terms = size_of(product).terms;
  var sums = Block();
  for (var k = first; k < terms; k += apart) {
    let term = term_of(product, k);
    sums = with_term(sums, product, columns, lefts_of(product, held, term), term);
  }
  return sums;
}

fn sums_of(product: Product, held: Held, columns: Columns) -> Block {
  return part_of_sums(product, held, columns, 0, 1);
}
