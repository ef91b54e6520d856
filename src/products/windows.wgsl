// A block of ROWS rows (y) x COLUMNS columns that lie beside each other in a row of an image, which slide a window over what they
// multiply: WINDOW terms that follow each other are places of a window beside each other, so that a column meets at a term what the next
// column meets at the term before. COLUMNS + WINDOW - 1 loads of them feed WINDOW COLUMNS ROWS products. Four neighbours trade rows.
//
// A family says how its columns lie:
//
//   Stretch  stretch_of(product)   how many columns a row of an image has, and how far each lies from the next: columns of other
//                                  images lie between
//   Term     term_after(product, term)   the place of a window beside a term's
//   Column   column_after(product, column)   the column beside another
//   const MIRRORED                 whether a column meets at a term what the next one meets at the term after, instead
//
// Sums take their terms in order, as in every skeleton. Where rows of an image are no whole number of blocks, the last block begins
// earlier, and puts what is its own alone.

// use traded_rows

// From column j on.
fn columns_beside(product: Product, j: u32) -> Columns {
  var columns = Columns();
  columns[0] = column_of(product, j);
  if (COLUMNS > 1) { columns[C1] = column_after(product, columns[0]); }
  if (COLUMNS > 2) { columns[C2] = column_after(product, columns[C1]); }
  if (COLUMNS > 3) { columns[C3] = column_after(product, columns[C2]); }
  if (COLUMNS > 4) { columns[C4] = column_after(product, columns[C3]); }
  if (COLUMNS > 5) { columns[C5] = column_after(product, columns[C4]); }
  return columns;
}

// At most six columns.
const LOADS = COLUMNS + WINDOW - 1;

// Where loads of the first term lie among all, those of the two after it, and the column that these are of.
const FIRST_PLACE = select(0u, 2u, MIRRORED);
const SECOND_PLACE = select(COLUMNS, 1u, MIRRORED);
const THIRD_PLACE = select(COLUMNS + 1, 0u, MIRRORED);
const END = select(COLUMNS - 1, 0u, MIRRORED);

alias Rights = array<Right, LOADS>;

// What columns meet at the terms of a row of a window, along the image: most of it at the first term, the rest by the column at the end.
fn rights_of(product: Product, columns: Columns, first: Term, second: Term, third: Term) -> Rights {
  var rights = Rights();
  rights[FIRST_PLACE] = right_at(product, columns[0], first);
  if (COLUMNS > 1) { rights[C1 + FIRST_PLACE] = right_at(product, columns[C1], first); }
  if (COLUMNS > 2) { rights[C2 + FIRST_PLACE] = right_at(product, columns[C2], first); }
  if (COLUMNS > 3) { rights[C3 + FIRST_PLACE] = right_at(product, columns[C3], first); }
  if (COLUMNS > 4) { rights[C4 + FIRST_PLACE] = right_at(product, columns[C4], first); }
  if (COLUMNS > 5) { rights[C5 + FIRST_PLACE] = right_at(product, columns[C5], first); }
  rights[SECOND_PLACE] = right_at(product, columns[END], second);
  rights[THIRD_PLACE] = right_at(product, columns[END], third);
  return rights;
}

fn plus_place(sums: Block, product: Product, lefts: Lefts, rights: Rights, term: u32) -> Block {
  let place = select(term, 2 - term, MIRRORED);
  var next = sums;
  next[0] = add_column(product, sums[0], lefts, rights[place]);
  if (COLUMNS > 1) { next[C1] = add_column(product, sums[C1], lefts, rights[C1 + place]); }
  if (COLUMNS > 2) { next[C2] = add_column(product, sums[C2], lefts, rights[C2 + place]); }
  if (COLUMNS > 3) { next[C3] = add_column(product, sums[C3], lefts, rights[C3 + place]); }
  if (COLUMNS > 4) { next[C4] = add_column(product, sums[C4], lefts, rights[C4 + place]); }
  if (COLUMNS > 5) { next[C5] = add_column(product, sums[C5], lefts, rights[C5 + place]); }
  return next;
}

fn window_sums(product: Product, held: Held, columns: Columns) -> Block {
  let terms = size_of(product).terms;
  var sums = Block();
  for (var k = 0u; k < terms; k += WINDOW) {
    let first = term_of(product, k);
    let second = term_after(product, first);
    let third = term_after(product, second);
    let rights = rights_of(product, columns, first, second, third);
    sums = plus_place(sums, product, lefts_of(product, held, first), rights, 0);
    sums = plus_place(sums, product, lefts_of(product, held, second), rights, 1);
    sums = plus_place(sums, product, lefts_of(product, held, third), rights, 2);
  }
  return sums;
}

// A multiple of four.
override LANES: u32 = 4;

@compute @workgroup_size(LANES)
fn windows(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let product = product_of(group.z);
  let i = group.y * ROWS;
  let size = size_of(product);
  let stretch = stretch_of(product);
  // Blocks of a row, each for all that lies between its columns.
  let blocks = (stretch.columns + COLUMNS - 1) / COLUMNS;
  let count = (size.columns / stretch.columns) * blocks;
  let lane = invocation % 4;
  let own = group.x * LANES + invocation;
  let place = min(own, count - 1);
  let part = place / stretch.apart;
  let between = place - part * stretch.apart;
  let row = part / blocks;
  let x = (part - row * blocks) * COLUMNS;
  let begin = min(x, stretch.columns - COLUMNS);
  let j = (row * stretch.columns + begin) * stretch.apart + between;
  let columns = columns_beside(product, j);
  let total = window_sums(product, own_rows(product, i + lane), columns);
  if (own < count) {
    let rows = rows_from(product, i, lane);
    if (x == begin) { put_column(product, i, rows, columns[0], total[0]); }
    if (COLUMNS > 1 && begin + 1 >= x) { put_column(product, i, rows, columns[C1], total[C1]); }
    if (COLUMNS > 2 && begin + 2 >= x) { put_column(product, i, rows, columns[C2], total[C2]); }
    if (COLUMNS > 3 && begin + 3 >= x) { put_column(product, i, rows, columns[C3], total[C3]); }
    if (COLUMNS > 4 && begin + 4 >= x) { put_column(product, i, rows, columns[C4], total[C4]); }
    if (COLUMNS > 5 && begin + 5 >= x) { put_column(product, i, rows, columns[C5], total[C5]); }
  }
}
