// How many bytes a second an adapter streams from memory and back:  out <- factor source
//
//   source, out [length] of vec4f
//
// An invocation owns every `stride`-th entry: neighbours touch neighbours. A product with a factor that only the CPU
// knows, so that nothing can answer with a copy; each entry is read once and written once, 32 bytes.

struct Params {
  factor: f32,
  // Entries.
  length: u32,
  // Invocations.
  stride: u32,
}

override LANES: u32 = 64;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  for (var i = id.x; i < params.length; i += params.stride) {
    out[i] = params.factor * source[i];
  }
}
