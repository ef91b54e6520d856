// Vectors whose norms give those of a diagonal network's weights, in the run's units:
//
//   u = w+ + w- = 2a + k^2 s,  v = max(|u|, |w+ - w-|), w+ - w- = k d (state and k as in diagonal_descent.wgsl)
//   |w|_1 = sum v   |w|_2^2 = (|u|_2^2 + |w+ - w-|_2^2) / 2   out [runs, 2, inputs]: u, then v

// use own_input
// use run_parameters

@group(0) @binding(3) var<storage, read> runs: array<RunParameters>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  let k = runs[run].displacement;
  let sum = 2.0 * state[at] + k * k * state[at + 2 * n];
  out[2 * run * n + i] = sum;
  out[(2 * run + 1) * n + i] = max(abs(sum), abs(k * state[at + n]));
}
