// Products of the rows of two matrices, forwards and back, for runs that share their data; rows wait in workgroup memory:
//
//   forwards  r[row, j] = X[order[j]] . beta[row] - y[order[j]]             rows: beta [rows, inputs]
//             X transposed [data, inputs, samples]   y [targets, samples]   products: r [rows, capacity]
//   BACK      products[row, i] = sum over samples j of the batch of X[order[j], i] signal[row, j]
//             X [data, samples, inputs]   rows: signal [rows, capacity]     products [rows, inputs]
//
// A row is one channel of one run: channel 0 is the predictor, whose targets are subtracted; channel 1, there when the
// linearized twin is trained too, has no targets.
//
// A workgroup owns LANES columns (samples, or BACK inputs; x) of the 4 GROUPS rows of one tile (y), an invocation one
// column. TERMS terms of all rows at a time are loaded once for the workgroup; an entry of X, which neighbours load beside
// each other, feeds 4 GROUPS products. For GPUs, where workgroup memory is near.
//
// Sums run over inputs, or BACK over the batch, in order, as in residual.wgsl and diagonal_descent.wgsl:
// |error| <= gamma(terms + 1) (|X| |rows| + |y|), gamma(k) = k u / (1 - k u), u = 2^-24.

// use minibatch

struct Params {
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of r or signal has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
}

override BACK: bool = false;
override LANES: u32 = 64;
// Groups of four rows that a tile holds, at most 5.
override GROUPS: u32 = 5;

const TERMS = 16u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
// Tiles: data, targets, shuffle stream, rows in use, then 4 GROUPS rows (the unused ones repeat the last).
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> X: array<f32>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> rows: array<f32>;
@group(0) @binding(7) var<storage, read_write> products: array<f32>;

// Entries of the rows: term, then group. A whole vector has one writer: its components may share a memory location.
var<workgroup> staged: array<vec4f, GROUPS * TERMS>;

fn four_rows(tile: u32, group: u32) -> vec4u {
  let at = tile + 4 + 4 * group;
  return vec4u(tiles[at], tiles[at + 1], tiles[at + 2], tiles[at + 3]);
}

fn put_one(row: u32, column: u32, goal: f32, product: f32) {
  if (BACK) {
    products[row * params.inputs + column] = product;
  } else {
    products[row * params.capacity + column] = select(product, product - goal, row % params.channels == 0);
  }
}

// Rows past the last in use repeat it: they write the same value again.
fn put_group(tile: u32, group: u32, column: u32, goal: f32, sums: vec4f) {
  if (group < GROUPS) {
    let four = four_rows(tile, group);
    put_one(four.x, column, goal, sums.x);
    put_one(four.y, column, goal, sums.y);
    put_one(four.z, column, goal, sums.z);
    put_one(four.w, column, goal, sums.w);
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let column = group.x * LANES + lane;
  let tile = group.y * (4 + 4 * GROUPS);
  let data = tiles[tile] * params.inputs * params.samples;
  let stream = tiles[tile + 2];
  var terms = params.inputs;
  var row_length = params.inputs;
  var stride = params.samples;
  var columns = step.size;
  if (BACK) {
    terms = step.size;
    row_length = params.capacity;
    stride = params.inputs;
    columns = params.inputs;
  }
  // Columns past the end repeat the last, unused.
  var at = min(column, columns - 1);
  if (!BACK) {
    at = sample_of(stream, at);
  }

  var first = vec4f();
  var second = vec4f();
  var third = vec4f();
  var fourth = vec4f();
  var fifth = vec4f();
  for (var begun = 0u; begun < terms; begun += TERMS) {
    let count = min(TERMS, terms - begun);
    for (var place = lane; place < GROUPS * TERMS; place += LANES) {
      let k = place % TERMS;
      if (k < count) {
        let four = four_rows(tile, place / TERMS) * row_length + begun + k;
        staged[k * GROUPS + place / TERMS] = vec4f(rows[four.x], rows[four.y], rows[four.z], rows[four.w]);
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < count; k++) {
      var term = begun + k;
      if (BACK) {
        term = sample_of(stream, term);
      }
      let x = X[data + term * stride + at];
      let entries = k * GROUPS;
      first += x * staged[entries];
      if (GROUPS > 1) { second += x * staged[entries + 1]; }
      if (GROUPS > 2) { third += x * staged[entries + 2]; }
      if (GROUPS > 3) { fourth += x * staged[entries + 3]; }
      if (GROUPS > 4) { fifth += x * staged[entries + 4]; }
    }
    workgroupBarrier();
  }

  if (column < columns) {
    var goal = 0.0;
    if (!BACK) {
      goal = y[tiles[tile + 1] * params.samples + at];
    }
    put_group(tile, 0, column, goal, first);
    put_group(tile, 1, column, goal, second);
    put_group(tile, 2, column, goal, third);
    put_group(tile, 3, column, goal, fourth);
    put_group(tile, 4, column, goal, fifth);
  }
}
