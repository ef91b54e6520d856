// One operation of large matrix models, a sum of products, in the blocks of any skeleton of products:
//
//   out = sum over terms of coefficient (factor of the run) left right, and ADDS coefficient (factor) of a sole matrix
//
// The program, a run's numbers and the order of sums are those of matrix_runs.wgsl, whose bits these are; products come first
// (src/models/matrix/program.ts). A part is a product.
//
// |error| <= sum over terms of gamma(inner + 3) |coefficient factor| |left| |right|, gamma(k) = k u / (1 - k u), u = 2^-24.

// use finite
// use matrix_program
// use scalars
// use size
// use step
// use whole

struct Params {
  channels: u32,
  // Floats of all of a run's numbers, and before the head.
  size: u32,
  head: u32,
  // Of the operation in the program.
  begin: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<uniform> program: array<vec4u, 2048>;
@group(0) @binding(3) var<storage, read> tiles: array<u32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(5) var<storage, read_write> horizon: array<atomic<u32>>;

// Whether a sole matrix is added, and whether a run whose numbers are not finite has diverged.
override ADDS: bool = false;
override WATCHES: bool = false;

// A run's, where what is written begins, and where both factors do; how far the next row, term or column is.
struct Product {
  run: u32,
  base: u32,
  out: u32,
  rows: u32,
  columns: u32,
  terms: u32,
  left: u32,
  left_down: u32,
  left_across: u32,
  right: u32,
  right_down: u32,
  right_across: u32,
}

struct Row {
  i: u32,
  is_there: bool,
}

struct Column {
  j: u32,
}

struct Term {
  left: u32,
  right: u32,
}

// What is the same for all entries is found once. It is no part of a product: neighbours might differ in it, for all that a compiler
// knows, and may only trade where they go the same way.
struct Added {
  at: u32,
  down: u32,
  across: u32,
  scale: f32,
}

var<private> added: Added;
// Of the part at hand.
var<private> scale: f32;
var<private> trains: bool;
var<private> overflows: bool;

fn product_of(entry: u32) -> Product {
  let own = own_of(entry);
  let matrix = program[params.begin];
  trains = !TRAINS || step.index < atomicLoad(&horizon[2 * own.run]);
  if (ADDS) {
    let term = params.begin + HEADER + TERM * products_in(params.begin);
    let sole = program[term];
    added = Added(own.base + sole.x, sole.y, sole.z, scale_of(own, term));
  }
  return Product(own.run, own.base, own.base + matrix.y, matrix.z, matrix.w, 0, 0, 0, 0, 0, 0, 0);
}

fn size_of(product: Product) -> Size {
  return Size(product.rows, product.columns, product.terms);
}

fn row_of(product: Product, i: u32) -> Row {
  return Row(min(i, product.rows - 1), i < product.rows);
}

fn column_of(product: Product, j: u32) -> Column {
  return Column(min(j, product.columns - 1));
}

fn term_of(product: Product, k: u32) -> Term {
  return Term(product.left + k * product.left_across, product.right + k * product.right_down);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return number_at(term.left + row.i * product.left_down);
}

fn parts_of(product: Product) -> u32 {
  return products_in(params.begin);
}

fn below_of(product: Product, part: u32) -> Product {
  let place = params.begin + HEADER + TERM * part;
  let left = program[place];
  let right = program[place + 1];
  let base = product.base;
  scale = scale_of(Own(0, product.run, 0, base), place);
  return Product(
    product.run, base, product.out, product.rows, product.columns, left.w, base + left.x, left.y, left.z, base + right.x,
    right.y, right.z);
}

fn has_above() -> bool {
  return false;
}

fn above_of(product: Product, part: u32) -> Product {
  return product;
}

fn fold(total: Sum, below: Sum, above: Sum) -> Sum {
  return total + scale * below;
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  var total = sum;
  if (ADDS) {
    total += added.scale * number_at(added.at + row.i * added.down + column.j * added.across);
  }
  // What is written may be what was added: past the end nothing is written twice.
  if (row.is_there && trains) {
    put_number(product.out + row.i * product.columns + column.j, total);
    overflows |= WATCHES && !is_finite(total);
  }
}

alias Seen = u32;

fn see(seen: Seen, right: Right) -> Seen {
  return seen;
}

fn close(product: Product, first_row: u32, rows: u32, column: Column, seen: Seen) {
  if (overflows) {
    end_run_diverged(product.run, step.index);
  }
}
