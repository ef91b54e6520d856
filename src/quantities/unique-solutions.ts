import type { Dataset } from "../data/dataset.ts";
import { isInGeneralPosition } from "../data/registry.ts";
import type { Run } from "../document/types.ts";
import type { Member } from "../plan/cohort.ts";
import { ConvergenceError, isUnique, minimumL1, rowSpace, uniquenessMargin } from "../theory/index.ts";

/** Quantities that compare with the minimum-l1 solution itself; its norm is that of each, if there are many. */
const ofSolution = "min_l1_distance";

/** Lines before the rest is summed up. */
const SHOWN = 5;

/**
 * Warns of data with more than one minimum-l1 solution, where a quantity is the distance to it; lines are one a dataset.
 * Of inputs in general position it is not asked: a linear program takes its time.
 *
 * @throws as `minimumL1`
 */
export async function uniquenessWarnings(members: readonly Member[]): Promise<string[]> {
  const asked = new Map<Dataset, Run>();
  for (const { run, dataset } of members)
    if (run.record.quantities.includes(ofSolution) && !isInGeneralPosition(run.data) && !asked.has(dataset))
      asked.set(dataset, run);
  const warnings: string[] = [];
  for (const [dataset, run] of asked) {
    const problem = await problemOf(dataset);
    if (problem) warnings.push(`${dataOf(run)}the minimum-l1 solution of X beta = y ${problem}`);
    // An interrupt is heard in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  const more = warnings.length - SHOWN;
  if (more > 0) warnings.splice(SHOWN, more, `${more} more datasets have no unique minimum-l1 solution`);
  return warnings;
}

async function problemOf(dataset: Dataset): Promise<string | undefined> {
  const space = rowSpace(dataset);
  const solution = await minimumL1(dataset, { space });
  try {
    if (isUnique(await uniquenessMargin(dataset, solution, { space }))) return undefined;
    return `is not unique: ${ofSolution} is the distance to one of many (excess_l1 is the same for all of them)`;
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    return `may not be unique (${error.message}): ${ofSolution} is the distance to one`;
  }
}

/** `seed = 3, samples = 10: `, what the sweep sets of a run's data. */
function dataOf({ swept }: Run): string {
  const own = Object.entries(swept).filter(([path]) => /^data\b/.test(path));
  if (own.length === 0) return "";
  return `${own.map(([path, value]) => `${path.split(".").at(-1)} = ${JSON.stringify(value)}`).join(", ")}: `;
}
