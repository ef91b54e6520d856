// Differences of vectors, one a run:  out[run] = a[run] - scale[run] b[index[run]]
//
//   a at run * a_stride + a_offset   b at index[run] * b_stride + b_offset   out [runs, length]
//
// An invocation owns one entry (x) of one run (y: entry of the tile table). Two roundings an entry, one where the scale is a power of two.

// use tile

struct Params {
  length: u32,
  a_stride: u32,
  a_offset: u32,
  b_stride: u32,
  b_offset: u32,
  // Rows of the tile table a run.
  channels: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read> index: array<u32>;
@group(0) @binding(5) var<storage, read> scale: array<f32>;
@group(0) @binding(6) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.length) {
    return;
  }
  let run = run_tiles[id.y * TILE + 4] / params.channels;
  let left = a[run * params.a_stride + params.a_offset + id.x];
  let right = b[index[run] * params.b_stride + params.b_offset + id.x];
  out[run * params.length + id.x] = left - scale[run] * right;
}
