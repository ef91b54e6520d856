// A block of ROWS rows (y) x 4 COLUMNS columns (x), which four neighbours own, who trade rows. Columns come in threes, places of a window
// beside each other, and terms in strips, positions beside each other: what a column meets at a term is what the next one meets at the
// term before. So a term loads one number for three columns, and keeps the two before it. A turn of the loop takes POSITIONS terms, of
// which the last turn of a strip may have fewer.
//
//   Strip  strip_of(product)    how many terms a strip has
//          term_after(product, term)    the term beside it, which past its strip loads nothing of a row
//
// Sums take their terms in order, as in every skeleton.

// use traded_rows

// At most two threes.
const THREES = COLUMNS / 3;
const T1 = min(1u, THREES - 1);

// What one column of every three meets at a term.
alias Met = array<Right, THREES>;

fn met_by(product: Product, columns: Columns, place: u32, term: Term) -> Met {
  var met = Met();
  met[0] = right_at(product, columns[place], term);
  if (THREES > 1) { met[T1] = right_at(product, columns[min(3 + place, COLUMNS - 1)], term); }
  return met;
}

fn plus_position(sums: Block, product: Product, lefts: Lefts, one: Met, two: Met, three: Met) -> Block {
  var next = sums;
  next[0] = add_column(product, sums[0], lefts, one[0]);
  next[C1] = add_column(product, sums[C1], lefts, two[0]);
  next[C2] = add_column(product, sums[C2], lefts, three[0]);
  if (THREES > 1) {
    next[C3] = add_column(product, sums[C3], lefts, one[T1]);
    next[C4] = add_column(product, sums[C4], lefts, two[T1]);
    next[C5] = add_column(product, sums[C5], lefts, three[T1]);
  }
  return next;
}

// The term that sums have come to, what columns met at it, and the sums.
struct Slide {
  term: Term,
  one: Met,
  two: Met,
  three: Met,
  sums: Block,
}

fn slid(product: Product, held: Held, columns: Columns, before: Slide) -> Slide {
  let term = term_after(product, before.term);
  let three = met_by(product, columns, 2, term);
  return Slide(
    term, before.two, before.three, three,
    plus_position(before.sums, product, lefts_of(product, held, term), before.two, before.three, three));
}

fn strip_sums(product: Product, held: Held, columns: Columns) -> Block {
  let terms = size_of(product).terms;
  let strip = strip_of(product);
  var sums = Block();
  var begin = 0u;
  var x = 0u;
  while (begin < terms) {
    let term = term_of(product, begin + x);
    let one = met_by(product, columns, 0, term);
    let two = met_by(product, columns, 1, term);
    let three = met_by(product, columns, 2, term);
    var slide = Slide(
      term, one, two, three, plus_position(sums, product, lefts_of(product, held, term), one, two, three));
    if (POSITIONS > 1) { slide = slid(product, held, columns, slide); }
    if (POSITIONS > 2) { slide = slid(product, held, columns, slide); }
    if (POSITIONS > 3) { slide = slid(product, held, columns, slide); }
    if (POSITIONS > 4) { slide = slid(product, held, columns, slide); }
    if (POSITIONS > 5) { slide = slid(product, held, columns, slide); }
    sums = slide.sums;
    let next = x + POSITIONS;
    begin += select(0, strip, next >= strip);
    x = select(next, 0, next >= strip);
  }
  return sums;
}

// A multiple of four.
override LANES: u32 = 4;

@compute @workgroup_size(LANES)
fn strips(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let product = product_of(group.z);
  let i = group.y * ROWS;
  let first = group.x * LANES * COLUMNS;
  if (!is_inside(product, i, first)) {
    return;
  }
  let lane = invocation % 4;
  let j = first + invocation * COLUMNS;
  let columns = columns_from(product, j, 1);
  let total = strip_sums(product, own_rows(product, i + lane), columns);
  put_block(product, i, rows_from(product, i, lane), columns, j, 1, total);
}
