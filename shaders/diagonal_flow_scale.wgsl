// What an error of each stored coordinate is measured against when diagonal networks follow the gradient flow:
//
//   the larger of |w+| and |w-| plus 0.1 a, for d and, over k, for s; 0, which leaves a coordinate out, for the rest
//   state [runs, FIELDS, inputs] and k = `displacement` as in diagonal_descent.wgsl (SPLIT: diagonal_split_descent.wgsl,
//   each displacement against its own weight plus 0.1 a)   scale [runs, FIELDS, inputs]

// use own_input
// use run_parameters

override SPLIT: bool = false;

@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read_write> scale: array<f32>;

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  for (var field = 0u; field < FIELDS; field++) {
    scale[at + field * n] = 0.0;
  }
  let k = runs[run].displacement;
  let a = state[at];
  if (SPLIT) {
    let b = state[at + n];
    scale[at + 2 * n] = abs(a + state[at + 2 * n]) + 0.1 * a;
    scale[at + 3 * n] = abs(b + state[at + 3 * n]) + 0.1 * b;
  } else {
    // Errors of w+ and w- are half those of their sum and difference.
    let weight = abs(a + 0.5 * (k * k) * state[at + 2 * n]) + 0.5 * k * abs(state[at + n]) + 0.1 * a;
    scale[at + n] = 2.0 * weight;
    scale[at + 2 * n] = 2.0 * weight / k;
  }
}
