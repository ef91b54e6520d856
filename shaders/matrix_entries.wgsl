// One operation of large matrix models that multiplies no matrices, an entry for itself (the rest: matrix_products.wgsl):
//
//   out = sum over terms of coefficient (factor of the run) matrix      all as they lie, row after row
//   LOAD, STORE: numbers of a run's state become its first numbers, and the other way round
//
// The program, a run's numbers and the order of sums are those of matrix_runs.wgsl, whose bits these are. An invocation owns sixteen
// entries of one run (y), a workgroup those beside each other (x): a term is looked up once for all of them.
//
// |error| <= sum over terms of gamma(terms + 1) |coefficient factor| |matrix|, gamma(k) = k u / (1 - k u), u = 2^-24.

// use finite
// use matrix_program
// use numbers_alone
// use step

struct Params {
  channels: u32,
  // Floats of a run's state, of all of its numbers, and before the head of both.
  stride: u32,
  size: u32,
  head: u32,
  // Of the operation in the program.
  begin: u32,
}

override LOAD: bool = false;
override STORE: bool = false;

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<uniform> program: array<vec4u, 2048>;
@group(0) @binding(3) var<storage, read> tiles: array<u32>;
@group(0) @binding(4) var<storage, read_write> state: array<f32>;
@group(0) @binding(5) var<storage, read_write> work: array<f32>;
// A run trains while step.index < horizon[2 run]; horizon[2 run + 1] says why it stopped.
@group(0) @binding(6) var<storage, read_write> horizon: array<atomic<u32>>;

// Entries that lie a workgroup apart, from one on.
struct Sixteen {
  a: vec4f,
  b: vec4f,
  c: vec4f,
  d: vec4f,
}

fn four_of(at: u32) -> vec4f {
  if (LOAD) {
    return vec4f(state[at], state[at + LANES], state[at + 2 * LANES], state[at + 3 * LANES]);
  }
  return vec4f(work[at], work[at + LANES], work[at + 2 * LANES], work[at + 3 * LANES]);
}

// Those past the end are somebody else's, and nobody's where it ends with the buffer: what is read there is not written.
fn sixteen_of(at: u32) -> Sixteen {
  return Sixteen(four_of(at), four_of(at + 4 * LANES), four_of(at + 8 * LANES), four_of(at + 12 * LANES));
}

fn put(at: u32, value: f32) {
  if (STORE) {
    state[at] = value;
  } else {
    work[at] = value;
  }
}

fn put_four(at: u32, left: u32, four: vec4f) {
  if (left > 3 * LANES) {
    put(at, four.x);
    put(at + LANES, four.y);
    put(at + 2 * LANES, four.z);
    put(at + 3 * LANES, four.w);
    return;
  }
  if (left > 0) { put(at, four.x); }
  if (left > LANES) { put(at + LANES, four.y); }
  if (left > 2 * LANES) { put(at + 2 * LANES, four.z); }
}

fn put_sixteen(at: u32, left: u32, values: Sixteen) {
  put_four(at, left, values.a);
  put_four(at + 4 * LANES, max(left, 4 * LANES) - 4 * LANES, values.b);
  put_four(at + 8 * LANES, max(left, 8 * LANES) - 8 * LANES, values.c);
  put_four(at + 12 * LANES, max(left, 12 * LANES) - 12 * LANES, values.d);
}

fn are_own_finite(left: u32, values: Sixteen) -> bool {
  let places = vec4u(0, 1, 2, 3);
  return are_finite(select(vec4f(), values.a, places * LANES < vec4u(left)))
    && are_finite(select(vec4f(), values.b, (places + 4) * LANES < vec4u(left)))
    && are_finite(select(vec4f(), values.c, (places + 8) * LANES < vec4u(left)))
    && are_finite(select(vec4f(), values.d, (places + 12) * LANES < vec4u(left)));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = own_of(group.y);
  let header = program[params.begin];
  let rest = program[params.begin + 1];
  let count = select(header.z * header.w, rest.z, LOAD || STORE);
  let first = group.x * 16 * LANES + lane;
  if (first >= count || (TRAINS && step.index >= atomicLoad(&horizon[2 * own.run]))) {
    return;
  }
  let left = count - first;
  let out = own.base + header.y + first;
  let kept = own.run * params.stride + rest.w + first;
  if (LOAD) {
    put_sixteen(own.base + first, left, sixteen_of(kept));
    return;
  }
  if (STORE) {
    put_sixteen(kept, left, sixteen_of(out));
    return;
  }
  var total = Sixteen(vec4f(), vec4f(), vec4f(), vec4f());
  for (var term = 0u; term < rest.x; term++) {
    let place = params.begin + HEADER + TERM * term;
    let scale = scale_of(own, place);
    let values = sixteen_of(own.base + program[place].x + first);
    total.a += scale * values.a;
    total.b += scale * values.b;
    total.c += scale * values.c;
    total.d += scale * values.d;
  }
  put_sixteen(out, left, total);
  if (is_watched(params.begin) && !are_own_finite(left, total)) {
    end_run_diverged(own.run, step.index);
  }
}
