// A step of matrix models as a list of operations (src/models/matrix/program.ts): of each a header of two vectors of four words,
// kind, place, rows, columns of what is written, and terms, flags, terms of two matrices, what is stored first; then three vectors a term:
// place, and how far the next row and column are, of the left matrix, and the inner size; of the right one; coefficient, factor.
//
//   tiles, horizon, program, number_at, params.{channels, size, head} are the shader's.

// use ending
// use tile

// Runs that have stopped are left as they are, and those whose weights are not finite have diverged.
override TRAINS: bool = false;

const HEADER = 2u;
const TERM = 3u;
const WATCHED = 2u;

// A run, and where its numbers begin.
struct Own {
  tile: u32,
  run: u32,
  row: u32,
  base: u32,
}

fn own_of(entry: u32) -> Own {
  let row = tiles[entry * TILE + 4];
  let run = row / params.channels;
  return Own(entry * TILE, run, row, run * params.size);
}

// What a term is multiplied by; the third and the fourth factor are rates, which are those of a sum over the batch.
fn scale_of(own: Own, term: u32) -> f32 {
  let coefficient = bitcast<f32>(program[term + 2].x);
  let factor = program[term + 2].y;
  if (factor == 0) {
    return coefficient;
  }
  let value = number_at(own.base + params.head + factor - 1);
  return coefficient * select(value, value * step.scale, factor == 3 || factor == 4);
}

// An operation's terms of two matrices, which are its first.
fn products_in(at: u32) -> u32 {
  return program[at + 1].z;
}

fn is_watched(at: u32) -> bool {
  return TRAINS && (program[at + 1].y & WATCHED) != 0;
}

fn end_run_diverged(run: u32, updates: u32) {
  atomicStore(&horizon[2 * run], updates + 1);
  atomicStore(&horizon[2 * run + 1], DIVERGED);
}
