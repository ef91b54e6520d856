// diagonal_kernel_weights.wgsl for copies that start apart: weights of the tangent kernel's change,
//
//   E = w+^(2D-2) - a+^(2D-2) + w-^(2D-2) - a-^(2D-2),  out[run, i] = E_i * factor[run]

// use own_input

override DEPTH: u32 = 2;

@group(0) @binding(3) var<storage, read> factor: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

// w^k - a^k = displacement * sum over i < k of w^i a^(k-1-i), with k = 2D - 2.
fn grown(a: f32, displacement: f32) -> f32 {
  let w = a + displacement;
  var rise = 0.0;
  var power = 1.0;
  for (var k = 0u; k < 2 * (DEPTH - 1); k++) {
    rise = w * rise + power;
    power *= a;
  }
  return displacement * rise;
}

fn of_input(run: u32, i: u32, at: u32) {
  let n = params.inputs;
  let change = grown(state[at], state[at + 2 * n]) + grown(state[at + n], state[at + 3 * n]);
  out[run * n + i] = change * factor[run];
}
