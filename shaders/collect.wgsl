// Numbers of every run as they are, for the CPU to finish: out[run, column + i] = v[run stride + offset + i].
//
// An invocation owns a number (x) of one run (y: entry of the tile table).

// use tile

struct Params {
  length: u32,
  // Floats from one run's numbers to the next run's, and before the first.
  stride: u32,
  offset: u32,
  column: u32,
  // Floats of one run's record.
  record: u32,
  channels: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < params.length) {
    let run = run_tiles[id.y * TILE + 4] / params.channels;
    out[run * params.record + params.column + id.x] = v[run * params.stride + params.offset + id.x];
  }
}
