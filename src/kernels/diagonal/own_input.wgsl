// An invocation owns one input (x) of one run (y: entry of the tile table) of diagonal networks, whose state is
// [runs, FIELDS, inputs]. A shader says what becomes of it:
//
//   of_input(run, i, at)     the first of its fields is state[at]; the next lies `params.inputs` further on

// use tile

struct Params {
  inputs: u32,
  channels: u32,
}

override FIELDS: u32 = 3;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.inputs) {
    return;
  }
  let run = run_tiles[id.y * TILE + 4] / params.channels;
  of_input(run, id.x, run * FIELDS * params.inputs + id.x);
}
