// Sums of a block of one product, rows x columns, in registers:  C[row, column] = sum over terms
//
// A skeleton of products (this folder) owns loops, registers and lanes. A family of products says, in its own shader, what is
// multiplied:
//
//   Product  product_of(entry)                      where the numbers of one of its products lie
//   Size     size_of(product)                       how many rows, columns and terms it has
//   Row      row_of(product, i)                     what a row, a column and a term are by themselves: places of numbers, mostly;
//   Column   column_of(product, j)                  rows and columns past the end are asked for, and repeat the last
//   Term     term_of(product, k)
//   Left     left_at(product, row, term)            what is loaded of a row and of a column, once for all that they meet
//   Right    right_at(product, column, term)
//   Sum      add(product, sum, left, right)         what is summed, terms in order
//            put(product, row, column, sum)         where a sum goes; of rows past the end, too
//   Seen     see(seen, right)                       what a column keeps of its terms beside the sums (src/products/unseen.wgsl:
//            close(product, first row, rows, column, seen)     nothing), and what it does with that once its sums are put
//            is_needed(product, first row, last row, first column)     whether a block is (src/products/whole.wgsl)
//
// ROWS is 1 or 4, 8, 12, 16, 20, and COLUMNS at most 10. Both are constants, which specialise the shader before it is compiled: what
// registers hold is carried around loops whole, and places that nobody uses would cost as much as others. Places are constants,
// too; those beyond the block stand for its last, in branches that are left out. One product after the other, never four at a
// time: vectors would wait in memory.

// use size

// Rows come in groups of four, but for a single one.
const GROUPS = (ROWS + 3) / 4;
const ROWS_AT_ONCE = min(ROWS, 4u);

const R1 = min(1u, ROWS_AT_ONCE - 1);
const R2 = min(2u, ROWS_AT_ONCE - 1);
const R3 = min(3u, ROWS_AT_ONCE - 1);
const G1 = min(1u, GROUPS - 1);
const G2 = min(2u, GROUPS - 1);
const G3 = min(3u, GROUPS - 1);
const G4 = min(4u, GROUPS - 1);
const C1 = min(1u, COLUMNS - 1);
const C2 = min(2u, COLUMNS - 1);
const C3 = min(3u, COLUMNS - 1);
const C4 = min(4u, COLUMNS - 1);
const C5 = min(5u, COLUMNS - 1);
const C6 = min(6u, COLUMNS - 1);
const C7 = min(7u, COLUMNS - 1);
const C8 = min(8u, COLUMNS - 1);
const C9 = min(9u, COLUMNS - 1);

alias FourRows = array<Row, ROWS_AT_ONCE>;
alias FourLefts = array<Left, ROWS_AT_ONCE>;
alias FourSums = array<Sum, ROWS_AT_ONCE>;

alias Rows = array<FourRows, GROUPS>;
alias Lefts = array<FourLefts, GROUPS>;

// Of one column.
struct Sums {
  groups: array<FourSums, GROUPS>,
  seen: Seen,
}

alias Columns = array<Column, COLUMNS>;
alias Block = array<Sums, COLUMNS>;

fn columns_from(product: Product, j: u32, apart: u32) -> Columns {
  var columns = Columns();
  columns[0] = column_of(product, j);
  if (COLUMNS > 1) { columns[C1] = column_of(product, j + apart); }
  if (COLUMNS > 2) { columns[C2] = column_of(product, j + 2 * apart); }
  if (COLUMNS > 3) { columns[C3] = column_of(product, j + 3 * apart); }
  if (COLUMNS > 4) { columns[C4] = column_of(product, j + 4 * apart); }
  if (COLUMNS > 5) { columns[C5] = column_of(product, j + 5 * apart); }
  if (COLUMNS > 6) { columns[C6] = column_of(product, j + 6 * apart); }
  if (COLUMNS > 7) { columns[C7] = column_of(product, j + 7 * apart); }
  if (COLUMNS > 8) { columns[C8] = column_of(product, j + 8 * apart); }
  if (COLUMNS > 9) { columns[C9] = column_of(product, j + 9 * apart); }
  return columns;
}

fn add_four(product: Product, sums: FourSums, lefts: FourLefts, right: Right) -> FourSums {
  var next = sums;
  next[0] = add(product, sums[0], lefts[0], right);
  if (ROWS > 1) {
    next[R1] = add(product, sums[R1], lefts[R1], right);
    next[R2] = add(product, sums[R2], lefts[R2], right);
    next[R3] = add(product, sums[R3], lefts[R3], right);
  }
  return next;
}

fn add_column(product: Product, sums: Sums, lefts: Lefts, right: Right) -> Sums {
  var next = sums;
  next.groups[0] = add_four(product, sums.groups[0], lefts[0], right);
  if (ROWS > 4) { next.groups[G1] = add_four(product, sums.groups[G1], lefts[G1], right); }
  if (ROWS > 8) { next.groups[G2] = add_four(product, sums.groups[G2], lefts[G2], right); }
  if (ROWS > 12) { next.groups[G3] = add_four(product, sums.groups[G3], lefts[G3], right); }
  if (ROWS > 16) { next.groups[G4] = add_four(product, sums.groups[G4], lefts[G4], right); }
  next.seen = see(sums.seen, right);
  return next;
}

fn put_four(product: Product, rows: FourRows, column: Column, sums: FourSums) {
  put(product, rows[0], column, sums[0]);
  if (ROWS > 1) {
    put(product, rows[R1], column, sums[R1]);
    put(product, rows[R2], column, sums[R2]);
    put(product, rows[R3], column, sums[R3]);
  }
}

fn put_column(product: Product, i: u32, rows: Rows, column: Column, sums: Sums) {
  put_four(product, rows[0], column, sums.groups[0]);
  if (ROWS > 4) { put_four(product, rows[G1], column, sums.groups[G1]); }
  if (ROWS > 8) { put_four(product, rows[G2], column, sums.groups[G2]); }
  if (ROWS > 12) { put_four(product, rows[G3], column, sums.groups[G3]); }
  if (ROWS > 16) { put_four(product, rows[G4], column, sums.groups[G4]); }
  close(product, i, ROWS, column, sums.seen);
}

// Whether a block from this row and column on is worth anything: a ragged batch may leave whole groups without columns.
fn is_inside(product: Product, i: u32, j: u32) -> bool {
  let size = size_of(product);
  return i < size.rows && j < size.columns && is_needed(product, i, i + ROWS - 1, j);
}

// From row i and column j on, whose columns lie `apart`; of those past the end nothing is put.
fn put_block(product: Product, i: u32, rows: Rows, columns: Columns, j: u32, apart: u32, held: Block) {
  let size = size_of(product);
  let left = max(j, size.columns) - j;
  if (left > 0) { put_column(product, i, rows, columns[0], held[0]); }
  if (COLUMNS > 1 && left > apart) { put_column(product, i, rows, columns[C1], held[C1]); }
  if (COLUMNS > 2 && left > 2 * apart) { put_column(product, i, rows, columns[C2], held[C2]); }
  if (COLUMNS > 3 && left > 3 * apart) { put_column(product, i, rows, columns[C3], held[C3]); }
  if (COLUMNS > 4 && left > 4 * apart) { put_column(product, i, rows, columns[C4], held[C4]); }
  if (COLUMNS > 5 && left > 5 * apart) { put_column(product, i, rows, columns[C5], held[C5]); }
  if (COLUMNS > 6 && left > 6 * apart) { put_column(product, i, rows, columns[C6], held[C6]); }
  if (COLUMNS > 7 && left > 7 * apart) { put_column(product, i, rows, columns[C7], held[C7]); }
  if (COLUMNS > 8 && left > 8 * apart) { put_column(product, i, rows, columns[C8], held[C8]); }
  if (COLUMNS > 9 && left > 9 * apart) { put_column(product, i, rows, columns[C9], held[C9]); }
}
