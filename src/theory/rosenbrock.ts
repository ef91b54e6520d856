/**
 * RODAS, a stiffly accurate, L-stable Rosenbrock method of order 4 with an embedded one of order 3, for autonomous y' = F(y):
 *
 *     (I/(gamma h) - F'(y)) k_i = F(y + sum_j a_ij k_j) + (1/h) sum_j c_ij k_j,   i = 1..6
 *     y(t + h) = y + sum_j a_5j k_j + k_5 + k_6,   its error: k_6
 *
 * Stage 6 is evaluated at stage 5's point plus k_5.
 * @source Hairer & Wanner, Solving Ordinary Differential Equations II (1996), Section VI.4; their code RODAS
 */
export const rodas = {
  gamma: 0.25,
  a: [
    [],
    [1.544],
    [0.9466785280815826, 0.2557011698983284],
    [3.314825187068521, 2.896124015972201, 0.9986419139977817],
    [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895],
    [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895, 1],
  ],
  c: [
    [],
    [-5.6688],
    [-2.430093356833875, -0.2063599157091915],
    [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
    [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.7089089320616],
    [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
  ],
  /** The weights of k_1 ... k_6 in the step. */
  b: [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895, 1, 1],
} as const satisfies { gamma: number; a: number[][]; c: number[][]; b: number[] };
