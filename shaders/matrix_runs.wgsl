// Steps of matrix models W = W_D .. W_1: a list of operations, each a sum of matrices and of products of two of them, or
// what leads from W to its gradient (src/models/matrix/program.ts lists them, coordinates.ts says what they compute).
//
//   out = sum over terms of coefficient (factor of the run) left, or left right
//   residual r_j = <A_j, W> - y_j   gradient G = sum over the batch of r_j A_j   A_j: an entry, or a row of X
//
//   program [vectors of four words]: two an operation, three a term   state [runs, stride]   work [runs, size]: a run's
//   numbers, the first `stride` of them its state   signal [rows, capacity], rows a run's channels
//   measurements [data, samples]: places of entries, or DENSE [data, samples, inputs], as bits
//
// A matrix is written in blocks of ROWS x COLUMNS entries, held in registers, an invocation a block.
//
//   fused_steps a workgroup owns a run (x: entry of the tile table): all operations from `begin` to `end`, with a barrier where
//            one must wait; with FUSED as many steps as the slot's `order` says, each from `first` to `last`
//   blocks   an invocation owns a block (x) of the sum at `begin` of a run (y); of large matrices, where matrix_products.wgsl
//            makes the products
//
// Products sum over their inner index in order, terms are added in order:
// |error| <= sum over terms of gamma(inner + 3) |coefficient factor| |left| |right|, gamma(k) = k u / (1 - k u), u = 2^-24.

// use finite
// use matrix_program
// use numbers_alone
// use minibatch

struct Params {
  // Measurements of a dataset, and entries of W.
  samples: u32,
  inputs: u32,
  channels: u32,
  // Samples that a row of the signal has room for.
  capacity: u32,
  // Shuffle streams in the order table.
  streams: u32,
  // Floats of a run's state, of all of its numbers, and before the head of both.
  stride: u32,
  size: u32,
  head: u32,
  // Places in the program.
  begin: u32,
  first: u32,
  last: u32,
  end: u32,
}

override LANES: u32 = 64;
override ROWS: u32 = 1;
override COLUMNS: u32 = 1;
override DENSE: bool = false;
override FUSED: bool = false;

const SUM = 0u;
const LOAD = 1u;
const STORE = 2u;
const RESIDUAL = 3u;
const GRADIENT = 4u;
const SQUARES = 5u;

const WAITS = 1u;

// The stop loss is the last of a head of this many numbers.
const HEAD = 7u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<uniform> program: array<vec4u, 2048>;
@group(0) @binding(3) var<storage, read> tiles: array<u32>;
@group(0) @binding(4) var<storage, read> order: array<u32>;
@group(0) @binding(5) var<storage, read> measurements: array<u32>;
@group(0) @binding(6) var<storage, read> y: array<f32>;
@group(0) @binding(7) var<storage, read_write> state: array<f32>;
@group(0) @binding(8) var<storage, read_write> work: array<f32>;
@group(0) @binding(9) var<storage, read_write> signal: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(10) var<storage, read_write> horizon: array<atomic<u32>>;

fn blocks_of(at: u32) -> u32 {
  let size = program[at].zw;
  return ((size.x + ROWS - 1) / ROWS) * ((size.y + COLUMNS - 1) / COLUMNS);
}

fn put(own: Own, at: u32, updates: u32, columns: u32, i: u32, j: u32, low: vec4f, end: f32) {
  let rows = program[at].z;
  if (i >= rows) {
    return;
  }
  let place = own.base + program[at].y + i * columns + j;
  work[place] = low.x;
  if (COLUMNS > 1 && j + 1 < columns) { work[place + 1] = low.y; }
  if (COLUMNS > 2 && j + 2 < columns) { work[place + 2] = low.z; }
  if (COLUMNS > 3 && j + 3 < columns) { work[place + 3] = low.w; }
  if (COLUMNS > 4 && j + 4 < columns) { work[place + 4] = end; }
  if (is_watched(at) && !(are_finite(low) && is_finite(end))) {
    end_run_diverged(own.run, updates);
  }
}

// Numbers at five places.
fn four_at(places: vec4u, offset: u32) -> vec4f {
  var four = vec4f(work[places.x + offset], 0.0, 0.0, 0.0);
  if (COLUMNS > 1) { four.y = work[places.y + offset]; }
  if (COLUMNS > 2) { four.z = work[places.z + offset]; }
  if (COLUMNS > 3) { four.w = work[places.w + offset]; }
  return four;
}

fn last_at(place: u32) -> f32 {
  if (COLUMNS > 4) {
    return work[place];
  }
  return 0.0;
}

fn sum_block(own: Own, at: u32, updates: u32, piece: u32) {
  let rows = program[at].z;
  let columns = program[at].w;
  let across = (columns + COLUMNS - 1) / COLUMNS;
  // Rows and columns past the last repeat it, and are not written.
  let i = (piece / across) * ROWS;
  let j = (piece % across) * COLUMNS;
  let row4 = min(vec4u(i, i + 1, i + 2, i + 3), vec4u(rows - 1));
  let row_end = min(i + 4, rows - 1);
  let column4 = min(vec4u(j, j + 1, j + 2, j + 3), vec4u(columns - 1));
  let column_end = min(j + 4, columns - 1);

  var total0 = vec4f(); var total_end0 = 0.0;
  var total1 = vec4f(); var total_end1 = 0.0;
  var total2 = vec4f(); var total_end2 = 0.0;
  var total3 = vec4f(); var total_end3 = 0.0;
  var total4 = vec4f(); var total_end4 = 0.0;
  for (var term = 0u; term < program[at + 1].x; term++) {
    let place = at + HEADER + TERM * term;
    let left = program[place];
    let scale = scale_of(own, place);
    let left4 = own.base + left.x + row4 * left.y;
    let left_end = own.base + left.x + row_end * left.y;
    var sum0 = vec4f(); var end0 = 0.0;
    var sum1 = vec4f(); var end1 = 0.0;
    var sum2 = vec4f(); var end2 = 0.0;
    var sum3 = vec4f(); var end3 = 0.0;
    var sum4 = vec4f(); var end4 = 0.0;
    if (left.w == 0) {
      let places = column4 * left.z;
      let place_end = column_end * left.z;
      sum0 = four_at(places, left4.x); end0 = last_at(place_end + left4.x);
      if (ROWS > 1) { sum1 = four_at(places, left4.y); end1 = last_at(place_end + left4.y); }
      if (ROWS > 2) { sum2 = four_at(places, left4.z); end2 = last_at(place_end + left4.z); }
      if (ROWS > 3) { sum3 = four_at(places, left4.w); end3 = last_at(place_end + left4.w); }
      if (ROWS > 4) { sum4 = four_at(places, left_end); end4 = last_at(place_end + left_end); }
    } else {
      let right = program[place + 1];
      let right4 = own.base + right.x + column4 * right.z;
      let right_end = own.base + right.x + column_end * right.z;
      for (var k = 0u; k < left.w; k++) {
        let b = four_at(right4, k * right.y);
        let b_end = last_at(right_end + k * right.y);
        let along = k * left.z;
        let a0 = work[left4.x + along]; sum0 += a0 * b; end0 += a0 * b_end;
        if (ROWS > 1) { let a1 = work[left4.y + along]; sum1 += a1 * b; end1 += a1 * b_end; }
        if (ROWS > 2) { let a2 = work[left4.z + along]; sum2 += a2 * b; end2 += a2 * b_end; }
        if (ROWS > 3) { let a3 = work[left4.w + along]; sum3 += a3 * b; end3 += a3 * b_end; }
        if (ROWS > 4) { let a4 = work[left_end + along]; sum4 += a4 * b; end4 += a4 * b_end; }
      }
    }
    total0 += scale * sum0; total_end0 += scale * end0;
    total1 += scale * sum1; total_end1 += scale * end1;
    total2 += scale * sum2; total_end2 += scale * end2;
    total3 += scale * sum3; total_end3 += scale * end3;
    total4 += scale * sum4; total_end4 += scale * end4;
  }
  put(own, at, updates, columns, i + 0, j, total0, total_end0);
  if (ROWS > 1) { put(own, at, updates, columns, i + 1, j, total1, total_end1); }
  if (ROWS > 2) { put(own, at, updates, columns, i + 2, j, total2, total_end2); }
  if (ROWS > 3) { put(own, at, updates, columns, i + 3, j, total3, total_end3); }
  if (ROWS > 4) { put(own, at, updates, columns, i + 4, j, total4, total_end4); }
}

fn operate(own: Own, at: u32, updates: u32, lane: u32) {
  let kind = program[at].x;
  let matrix = own.base + program[at].y;
  if (kind == SUM) {
    for (var piece = lane; piece < blocks_of(at); piece += LANES) {
      sum_block(own, at, updates, piece);
    }
    return;
  }
  let count = program[at + 1].z;
  let kept = own.run * params.stride + program[at + 1].w;
  // Of a residual or a gradient, the channel.
  let signals = (own.row + count) * params.capacity;
  let data = tiles[own.tile] * params.samples;
  let stream = tiles[own.tile + 2];
  if (kind == LOAD) {
    for (var i = lane; i < count; i += LANES) {
      work[own.base + i] = state[kept + i];
    }
  } else if (kind == STORE) {
    for (var i = lane; i < count; i += LANES) {
      state[kept + i] = work[matrix + i];
    }
  } else if (kind == RESIDUAL) {
    for (var j = lane; j < step.size; j += LANES) {
      let sample = sample_of(stream, j);
      var value = 0.0;
      if (DENSE) {
        for (var i = 0u; i < params.inputs; i++) {
          value += bitcast<f32>(measurements[(data + sample) * params.inputs + i]) * work[matrix + i];
        }
      } else {
        value = work[matrix + measurements[data + sample]];
      }
      if (count == 0) {
        value -= y[tiles[own.tile + 1] * params.samples + sample];
      }
      signal[signals + j] = value;
    }
  } else if (kind == GRADIENT) {
    if (DENSE) {
      for (var i = lane; i < params.inputs; i += LANES) {
        var sum = 0.0;
        for (var j = 0u; j < step.size; j++) {
          sum += bitcast<f32>(measurements[(data + sample_of(stream, j)) * params.inputs + i]) * signal[signals + j];
        }
        work[matrix + i] = sum;
      }
    } else {
      for (var j = lane; j < step.size; j += LANES) {
        work[matrix + measurements[data + sample_of(stream, j)]] = signal[signals + j];
      }
    }
  } else if (kind == SQUARES) {
    // As stop_check.wgsl adds up, by as many invocations.
    var sum = 0.0;
    for (var j = lane; j < step.size; j += LANES) {
      sum += signal[signals + j] * signal[signals + j];
    }
    work[matrix + lane] = sum;
  } else if (lane == 0) {
    for (var half = LANES / 2; half > 0; half /= 2) {
      for (var k = 0u; k < half; k++) {
        work[matrix + k] += work[matrix + k + half];
      }
    }
    let loss = step.scale * work[matrix];
    if (updates > 0 && is_finite(loss) && loss <= work[own.base + params.head + HEAD - 1]) {
      atomicStore(&horizon[2 * own.run], updates);
      atomicStore(&horizon[2 * own.run + 1], CONVERGED);
    }
  }
}

@compute @workgroup_size(LANES)
fn fused_steps(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = own_of(group.x);
  // A run that had stopped before has loaded nothing that could be stored.
  let trained = !TRAINS || step.index < atomicLoad(&horizon[2 * own.run]);
  var turns = 1u;
  if (FUSED) {
    turns = step.order;
  }
  for (var turn = 0u; turn < turns; turn++) {
    let updates = step.index + turn;
    var at = params.first;
    if (turn == 0) {
      at = params.begin;
    }
    var end = params.last;
    if (turn + 1 == turns) {
      end = params.end;
    }
    while (at < end) {
      if ((program[at + 1].y & WAITS) != 0) {
        storageBarrier();
      }
      if (select(trained, !TRAINS || updates < atomicLoad(&horizon[2 * own.run]), program[at].x != STORE)) {
        operate(own, at, updates, lane);
      }
      at += HEADER + TERM * program[at + 1].x;
    }
    storageBarrier();
  }
}

@compute @workgroup_size(LANES)
fn blocks(@builtin(global_invocation_id) id: vec3u) {
  let own = own_of(id.y);
  if (id.x < blocks_of(params.begin) && (!TRAINS || step.index < atomicLoad(&horizon[2 * own.run]))) {
    sum_block(own, params.begin, step.index, id.x);
  }
}
