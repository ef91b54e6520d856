// Units of dense layers have one position.

fn positions_below() -> u32 {
  return 1;
}

fn positions_above() -> u32 {
  return 1;
}

// Every column of a product meets every term.
fn meet(column: Column, term: Term) -> bool {
  return true;
}
