import type { Dataset } from "../data/dataset.ts";
import type { MatrixModel, Run } from "../document/types.ts";
import type { Member } from "../plan/cohort.ts";
import type { MatrixProblem } from "../theory/matrix-constraints.ts";
import { minimumNuclear, type MinimumNuclear } from "../theory/minimum-nuclear.ts";
import { l2Norm } from "../theory/norms.ts";
import { effectiveRank, singularValues } from "../theory/singular-values.ts";

/** What runs on one dataset are compared with, as the manifest has it. */
export interface NuclearMinimum {
  /** The first run on that dataset. */
  run: number;
  /** Its nuclear norm, and by what share of that the least one may be below it: proved by duality. */
  nuclear: number;
  gap: number;
  effective_rank: number;
  /** |W - W*| / |W*|, where there is a true matrix. */
  reconstruction_error?: number | undefined;
}

type Problem = MatrixProblem & { semidefinite: boolean };

/** The measurements of a dataset as theory takes them. */
export function matrixProblem({ matrix, X, y }: Dataset): MatrixProblem {
  const { rows, columns, cells } = matrix!;
  const measured = cells
    ? { entries: Int32Array.from([...cells].flatMap((cell) => [Math.floor(cell / columns), cell % columns])) }
    : { measurements: X };
  return { rows, columns, ...measured, targets: y };
}

const isSemidefinite = ({ model }: Run): boolean => {
  const { symmetric, unbiased } = model as MatrixModel;
  return symmetric && !unbiased;
};

const known = new WeakMap<Dataset, Map<boolean, Promise<MinimumNuclear>>>();

/** The matrix of least nuclear norm among those, or the semidefinite ones, that have a run's measurements; found once. */
export function nuclearMinimumOf({ run, dataset }: Pick<Member, "run" | "dataset">): Promise<MinimumNuclear> {
  const own = known.get(dataset) ?? new Map<boolean, Promise<MinimumNuclear>>();
  known.set(dataset, own);
  const semidefinite = isSemidefinite(run);
  const found = own.get(semidefinite) ?? solved({ ...matrixProblem(dataset), semidefinite });
  own.set(semidefinite, found);
  return found;
}

let queue: Promise<unknown> = Promise.resolve();

/** One after the other, in a worker where there are workers: large ones take a minute, and a page would freeze. */
function solved(problem: Problem): Promise<MinimumNuclear> {
  const solution = queue.then(() => (typeof Worker === "undefined" ? undefined : inWorker(problem)));
  queue = solution;
  return solution.then((found) => found ?? minimumNuclear(problem));
}

/** @returns undefined where the worker has not solved it */
const inWorker = (problem: Problem): Promise<MinimumNuclear | undefined> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL("../theory/minimum-nuclear-worker.ts", import.meta.url), {
      type: "module",
    });
    const end = (solution?: MinimumNuclear) => {
      worker.terminate();
      resolve(solution);
    };
    worker.addEventListener("message", ({ data }: MessageEvent<{ solution?: MinimumNuclear }>) =>
      end(data.solution),
    );
    worker.addEventListener("error", () => end());
    worker.postMessage(problem);
  });

/** What a sweep's runs are compared with, an entry a dataset: empty where they are not. */
export async function nuclearMinima(members: readonly Member[]): Promise<NuclearMinimum[]> {
  const minima = new Map<MinimumNuclear, NuclearMinimum>();
  for (const member of members) {
    const { run, dataset } = member;
    if (!run.record.quantities.includes("excess_nuclear")) continue;
    const solution = await nuclearMinimumOf(member);
    if (minima.has(solution)) continue;
    const { W, nuclear, gap } = solution;
    const { matrix, betaStar } = dataset;
    const rank = effectiveRank(singularValues(W, matrix!.rows, matrix!.columns));
    minima.set(solution, {
      ...{ run: run.index, nuclear, gap, effective_rank: Number.isFinite(rank) ? rank : 0 },
      ...(betaStar && {
        reconstruction_error: l2Norm(W.map((entry, cell) => entry - betaStar[cell])) / l2Norm(betaStar),
      }),
    });
  }
  return [...minima.values()];
}
