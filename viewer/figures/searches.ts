/** The searches of results, as figures find them: computed once for all figures of a page. */

import type { SearchSpecification } from "../../src/document/types.ts";
import type { Table } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { type Outcome, outcomesOf } from "../../src/search/outcomes.ts";
import { documentValue, formatCell, numberAt, pathSymbol } from "./runs.ts";

/** What the document asks for; undefined where it has no search, or one that nobody can read. */
export function searchOf(results: Results): SearchSpecification | undefined {
  const search = documentValue(results, "search") as unknown as SearchSpecification | undefined;
  if (typeof search !== "object" || search === null) return undefined;
  const { columns } = results.runs;
  const isKnown =
    Array.isArray(search.seeds) &&
    typeof search.trials === "number" &&
    typeof search.path === "string" &&
    search.path in columns &&
    typeof search.quantity === "string" &&
    search.quantity in columns &&
    ("withinFactor" in search || "atLeast" in search || "atMost" in search);
  return isKnown ? search : undefined;
}

const known = new WeakMap<Table, readonly Outcome[]>();

export function outcomes(results: Results): readonly Outcome[] {
  const search = searchOf(results);
  if (!search) return [];
  const found = known.get(results.runs) ?? outcomesOf(search, results.runs);
  known.set(results.runs, found);
  return found;
}

/** "n = 20, D = 2"; empty where nothing is swept beside the search. */
export const pointLabel = (point: Outcome["point"]): string =>
  Object.entries(point)
    .map(([path, cell]) => `${pathSymbol(path)} = ${formatCell(cell)}`)
    .join(", ");

/** The swept number that what was found is drawn against: the first that differs between searches. */
export const sweptNumber = (all: readonly Outcome[]): string | undefined =>
  Object.keys(all[0]?.point ?? {}).find((path) => {
    const values = all.map(({ point }) => numberAt([point[path]], 0));
    return values.every(Number.isFinite) && new Set(values).size > 1;
  });
