// Adds a term to a block: every column is loaded by itself.

// use block

fn with_term(held: Block, product: Product, columns: Columns, lefts: Lefts, term: Term) -> Block {
  var next = held;
  next[0] = add_column(product, held[0], lefts, right_at(product, columns[0], term));
  if (COLUMNS > 1) { next[C1] = add_column(product, held[C1], lefts, right_at(product, columns[C1], term)); }
  if (COLUMNS > 2) { next[C2] = add_column(product, held[C2], lefts, right_at(product, columns[C2], term)); }
  if (COLUMNS > 3) { next[C3] = add_column(product, held[C3], lefts, right_at(product, columns[C3], term)); }
  if (COLUMNS > 4) { next[C4] = add_column(product, held[C4], lefts, right_at(product, columns[C4], term)); }
  if (COLUMNS > 5) { next[C5] = add_column(product, held[C5], lefts, right_at(product, columns[C5], term)); }
  if (COLUMNS > 6) { next[C6] = add_column(product, held[C6], lefts, right_at(product, columns[C6], term)); }
  if (COLUMNS > 7) { next[C7] = add_column(product, held[C7], lefts, right_at(product, columns[C7], term)); }
  if (COLUMNS > 8) { next[C8] = add_column(product, held[C8], lefts, right_at(product, columns[C8], term)); }
  if (COLUMNS > 9) { next[C9] = add_column(product, held[C9], lefts, right_at(product, columns[C9], term)); }
  return next;
}
