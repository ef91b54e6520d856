// Weights of diagonal networks whose copies start apart:  out [runs, 2, inputs]: w+ = a+ + p, then w- = a- + m
//
// An invocation owns one input (x) of one run (y: entry of the tile table). One rounding an entry.

// use own_input

@group(0) @binding(3) var<storage, read_write> out: array<f32>;

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  out[2 * run * n + i] = state[at] + state[at + 2 * n];
  out[(2 * run + 1) * n + i] = state[at + n] + state[at + 3 * n];
}
