/** The searches of results: what was probed and what was found, from the document and the runs table alone. */

import type { SearchSpecification } from "../document/types.ts";
import type { Column, Table } from "../document/table.ts";
import { findingOf } from "./driver.ts";
import { type Finding, notFound } from "./finding.ts";
import { inOrder, meanOf, type Probe, standardErrorOf } from "./probe.ts";

type Cell = Column[number];

/** One search: at one point of the sweep. */
export interface Outcome {
  /** The point: values by path. */
  point: Record<string, Cell>;
  /** Those whose trials have all ended, by increasing value. */
  probes: Probe[];
  finding: Finding;
}

/** The paths that the sweep sets, in its order: whatever tells the runs apart beside the search. */
export const sweptBeside = ({ path, seeds }: SearchSpecification, { columns }: Table): string[] =>
  Object.keys(columns).filter((name) => name.includes(".") && name !== path && !seeds.includes(name));

const ended = ["converged", "finished", "diverged"];

/** @returns in the order of the sweep */
export function outcomesOf(search: SearchSpecification, runs: Table): Outcome[] {
  const { columns } = runs;
  const beside = sweptBeside(search, runs);
  const points = new Map<
    string,
    { point: Record<string, Cell>; trials: Map<number, number[]>; missing: number }
  >();
  for (let row = 0; row < runs.rows; row++) {
    const cells = beside.map((path) => columns[path][row]);
    const key = JSON.stringify(cells);
    const known = points.get(key) ?? {
      point: Object.fromEntries(beside.map((path, k) => [path, cells[k]])),
      trials: new Map<number, number[]>(),
      missing: 0,
    };
    points.set(key, known);
    const value = Number(columns[search.path][row]);
    const status = columns.status[row] as string;
    if (!ended.includes(status)) known.missing++;
    else
      known.trials.set(value, [
        ...(known.trials.get(value) ?? []),
        trialOf(columns[search.quantity][row], status),
      ]);
  }
  return Array.from(points.values(), ({ point, trials, missing }, place) => {
    const all = Array.from(trials, ([value, results]): Probe => ({ value, trials: results }));
    const probes = inOrder(all.filter((probe) => probe.trials.length === search.trials));
    const isWhole = missing === 0 && probes.length === all.length && probes.length > 0;
    return {
      point,
      probes,
      finding: isWhole ? findingOf(search, probes, place + 1) : notFound("unfinished", NaN),
    };
  });
}

/** What a trial counts as: one that diverged has no finite value. */
export const trialOf = (value: Cell | undefined, status: string): number =>
  typeof value === "number" && status !== "diverged" ? value : NaN;

/** probes.parquet: a row a probe. */
export function probesTable({ path }: SearchSpecification, outcomes: readonly Outcome[]): Table {
  const rows = outcomes.flatMap(({ point, probes }) => probes.map((probe) => ({ point, probe })));
  return {
    rows: rows.length,
    columns: {
      ...pointColumns(rows.map(({ point }) => point)),
      [path]: Float64Array.from(rows, ({ probe }) => probe.value),
      trials: Int32Array.from(rows, ({ probe }) => probe.trials.length),
      mean: Float64Array.from(rows, ({ probe }) => meanOf(probe.trials)),
      standard_error: Float64Array.from(rows, ({ probe }) => standardErrorOf(probe.trials)),
    },
  };
}

/** searches.parquet: a row a point of the sweep. The value, in the column of its path, is NaN where it was not found. */
export function searchesTable({ path }: SearchSpecification, outcomes: readonly Outcome[]): Table {
  const numbers = (of: (finding: Finding) => number) =>
    Float64Array.from(outcomes, ({ finding }) => of(finding));
  return {
    rows: outcomes.length,
    columns: {
      ...pointColumns(outcomes.map(({ point }) => point)),
      status: outcomes.map(({ finding }) => finding.status),
      [path]: numbers(({ value }) => value),
      low: numbers(({ interval }) => interval[0]),
      high: numbers(({ interval }) => interval[1]),
      bracket_low: numbers(({ bracket }) => bracket[0]),
      bracket_high: numbers(({ bracket }) => bracket[1]),
      threshold: numbers(({ threshold }) => threshold),
      probes: Int32Array.from(outcomes, ({ probes }) => probes.length),
    },
  };
}

const pointColumns = (points: readonly Record<string, Cell>[]): Record<string, Column> =>
  Object.fromEntries(Object.keys(points[0] ?? {}).map((path) => [path, points.map((point) => point[path])]));
