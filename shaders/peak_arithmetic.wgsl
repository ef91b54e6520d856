// How many multiplications and additions a second an adapter does when nothing else holds it up:  x <- factor x + term
//
//   out [invocations]: the sum of an invocation's numbers at the end
//
// Every invocation owns 8 numbers (or 8 vec4), number k starting at k, and takes each through iterations * ROUNDS such
// steps: independent chains, so that latency does not count, and no load. With factor = term = 1, which only the CPU
// knows, every intermediate is an integer: out = 28 + 8 iterations ROUNDS (times 4 for vectors), exact below 2^24, on
// adapters that fuse and on those that do not. A compiler can drop none of it.
//
//   scalar   8 chains of f32
//   vector   8 chains of vec4f

struct Params {
  factor: f32,
  term: f32,
  iterations: u32,
}

override LANES: u32 = 64;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

// ROUNDS = 8.
fn chain(start: f32, a: f32, b: f32) -> f32 {
  return ((((((((start * a + b) * a + b) * a + b) * a + b) * a + b) * a + b) * a + b) * a + b);
}

fn chain4(start: vec4f, a: f32, b: f32) -> vec4f {
  return ((((((((start * a + b) * a + b) * a + b) * a + b) * a + b) * a + b) * a + b) * a + b);
}

@compute @workgroup_size(LANES)
fn scalar(@builtin(global_invocation_id) id: vec3u) {
  let a = params.factor;
  let b = params.term;
  var x0 = 0.0;
  var x1 = 1.0;
  var x2 = 2.0;
  var x3 = 3.0;
  var x4 = 4.0;
  var x5 = 5.0;
  var x6 = 6.0;
  var x7 = 7.0;
  for (var i = 0u; i < params.iterations; i++) {
    x0 = chain(x0, a, b);
    x1 = chain(x1, a, b);
    x2 = chain(x2, a, b);
    x3 = chain(x3, a, b);
    x4 = chain(x4, a, b);
    x5 = chain(x5, a, b);
    x6 = chain(x6, a, b);
    x7 = chain(x7, a, b);
  }
  out[id.x] = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7;
}

@compute @workgroup_size(LANES)
fn vector(@builtin(global_invocation_id) id: vec3u) {
  let a = params.factor;
  let b = params.term;
  var x0 = vec4f(0.0);
  var x1 = vec4f(1.0);
  var x2 = vec4f(2.0);
  var x3 = vec4f(3.0);
  var x4 = vec4f(4.0);
  var x5 = vec4f(5.0);
  var x6 = vec4f(6.0);
  var x7 = vec4f(7.0);
  for (var i = 0u; i < params.iterations; i++) {
    x0 = chain4(x0, a, b);
    x1 = chain4(x1, a, b);
    x2 = chain4(x2, a, b);
    x3 = chain4(x3, a, b);
    x4 = chain4(x4, a, b);
    x5 = chain4(x5, a, b);
    x6 = chain4(x6, a, b);
    x7 = chain4(x7, a, b);
  }
  let sum = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7;
  out[id.x] = sum.x + sum.y + sum.z + sum.w;
}
