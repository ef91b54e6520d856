// Rows of a block that four neighbours own: an invocation loads one of each group of four, and takes the other three from its neighbours'
// registers.

// use block
// use trade

// The invocation's own rows, one of each group.
alias Held = array<Row, GROUPS>;

fn own_rows(product: Product, i: u32) -> Held {
  var own = Held();
  own[0] = row_of(product, i);
  if (ROWS > 4) { own[G1] = row_of(product, i + 4); }
  if (ROWS > 8) { own[G2] = row_of(product, i + 8); }
  if (ROWS > 12) { own[G3] = row_of(product, i + 12); }
  if (ROWS > 16) { own[G4] = row_of(product, i + 16); }
  return own;
}

fn four_rows(product: Product, i: u32, lane: u32) -> FourRows {
  return FourRows(
    row_of(product, i + lane), row_of(product, i + (lane ^ 1)), row_of(product, i + (lane ^ 2)),
    row_of(product, i + (lane ^ 3)));
}

fn rows_from(product: Product, i: u32, lane: u32) -> Rows {
  var rows = Rows();
  rows[0] = four_rows(product, i, lane);
  if (ROWS > 4) { rows[G1] = four_rows(product, i + 4, lane); }
  if (ROWS > 8) { rows[G2] = four_rows(product, i + 8, lane); }
  if (ROWS > 12) { rows[G3] = four_rows(product, i + 12, lane); }
  if (ROWS > 16) { rows[G4] = four_rows(product, i + 16, lane); }
  return rows;
}

fn lefts_of(product: Product, own: Held, term: Term) -> Lefts {
  var lefts = Lefts();
  lefts[0] = traded(left_at(product, own[0], term));
  if (ROWS > 4) { lefts[G1] = traded(left_at(product, own[G1], term)); }
  if (ROWS > 8) { lefts[G2] = traded(left_at(product, own[G2], term)); }
  if (ROWS > 12) { lefts[G3] = traded(left_at(product, own[G3], term)); }
  if (ROWS > 16) { lefts[G4] = traded(left_at(product, own[G4], term)); }
  return lefts;
}
