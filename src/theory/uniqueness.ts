import { solveProgram } from "./linear-program.ts";
import type { LinearSystem } from "./linear-system.ts";
import type { MinimumL1 } from "./minimum-l1.ts";
import { maximumNorm } from "./norms.ts";
import { type RowSpace, rowSpace } from "./row-space.ts";

/** Entries of a solution this small, as a share of the largest, count as zeros: its set reaches no further in them. */
const NEGLIGIBLE = 1e-9;
/** Margins up to this are zeros, rounded. */
const ROUNDING = 1e-7;

/**
 * How alone a minimum-l1 solution is: the least rate at which sum w_i |beta_i| grows with the weighted l1 norm of what
 * inputs outside the support S take on, over all directions in which X beta stays y,
 *
 *   margin = 1 + min { sum_S w_i sign(beta_i) h_i : X h = 0, sum_{not S} w_i |h_i| = 1 } = 1 - min max_{not S} |x_i . nu| / w_i,
 *
 * the latter over nu with x_i . nu = w_i sign(beta_i) on S. The columns of S, which are part of a basis, are independent:
 * so the solution is the only one exactly where the margin is not 0 (Zhang, Yin and Cheng 2015), and every
 * other beta with X beta = y has a norm larger by at least margin times sum_{not S} w_i |beta_i|.
 *
 * Where S has `rank` inputs its proof is the only one, and tells; else another linear program is solved, as large as the first.
 *
 * @param solution of `minimumL1`, with the same weights
 * @returns at most 1; in float64, `isUnique` tells what is 0
 * @throws as `minimumL1`
 */
export async function uniquenessMargin(
  system: LinearSystem,
  { beta, certificate }: Pick<MinimumL1, "beta" | "certificate">,
  { weights, space = rowSpace(system) }: { weights?: ArrayLike<number>; space?: RowSpace } = {},
): Promise<number> {
  const { inputs } = system;
  const { rank, basis } = space;
  // There is one solution at all.
  if (rank === inputs) return 1;
  const weight = (input: number): number => weights?.[input] ?? 1;
  const least = NEGLIGIBLE * maximumNorm(beta);
  const [used, unused]: [number[], number[]] = [[], []];
  beta.forEach((value, input) => (Math.abs(value) > least ? used : unused).push(input));
  if (used.length === rank) return 1 - maximumNorm(unused.map((input) => certificate[input] / weight(input)));

  // Columns: w h of the inputs in S, then the two signs of the others.
  const columns = [...used, ...unused, ...unused];
  const isFree = (column: number) => column < used.length;
  const sign = (column: number) => (column < inputs ? 1 : -1);
  const objective = await solveProgram(
    {
      name: "uniqueness",
      costs: Float64Array.from(columns, (input, column) => (isFree(column) ? Math.sign(beta[input]) : 0)),
      lowest: Float64Array.from(columns, (_, column) => (isFree(column) ? -Infinity : 0)),
      targets: Float64Array.from({ length: rank + 1 }, (_, row) => (row === rank ? 1 : 0)),
      entry: (row, column) => {
        if (row === rank) return isFree(column) ? 0 : 1;
        const input = columns[column];
        return (sign(column) * basis[row * inputs + input]) / weight(input);
      },
    },
    (model) => model.info.get("objective_function_value"),
  );
  return 1 + Number(objective);
}

/** Whether a margin is that of the only solution, as far as float64 tells. */
export const isUnique = (margin: number): boolean => margin > ROUNDING;
