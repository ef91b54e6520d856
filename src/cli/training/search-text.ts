/** What is printed of a search: what it is about to probe, and what it has found. */

import type { Experiment, SearchSpecification } from "../../document/types.ts";
import type { Table } from "../../document/table.ts";
import type { AddedRun } from "../../scheduler/sink.ts";
import { type Estimate, lawsOf } from "../../search/laws.ts";
import { type Outcome, outcomesOf } from "../../search/outcomes.ts";
import { countText, numberText } from "../process/number-text.ts";
import { gridText } from "./summary.ts";

/** "5 runs"; of a search, whose runs nobody knows before, what it is over. */
export function workText({ runs, search }: Experiment): string {
  if (!search) return `${countText(runs.length)} ${runs.length === 1 ? "run" : "runs"}`;
  const { points, part, specification } = search;
  const count = part ? part.end - part.first : points.length;
  const places = count === 1 ? "" : ` at ${countText(count)} points`;
  return `a search over ${specification.path}${places}, ${countText(specification.trials)} trials a probe`;
}

/** "probing data.samples: 80 (data.dimension = 20), 160 (data.dimension = 40)". */
export function roundText({ path, seeds }: SearchSpecification, runs: readonly AddedRun[]): string {
  const probes = new Map<string, Set<string>>();
  for (const { swept } of runs) {
    const point = Object.entries(swept)
      .filter(([name]) => name !== path && !seeds.includes(name))
      .map(([name, value]) => `${name} = ${cellText(value)}`)
      .join(", ");
    probes.set(point, (probes.get(point) ?? new Set()).add(cellText(swept[path])));
  }
  const texts = Array.from(probes, ([point, values]) => [...values].join(", ") + (point && ` (${point})`));
  return `probing ${path}: ${texts.join("; ")}`;
}

/** A row a point of the sweep. */
export function searchText(search: SearchSpecification, runs: Table): string {
  const outcomes = runs.rows > 0 ? outcomesOf(search, runs) : [];
  const range = (of: (outcome: Outcome) => [number, number]) =>
    outcomes.map((outcome) => (Number.isNaN(of(outcome)[0]) ? "-" : of(outcome).map(numberText).join(" … ")));
  const columns = [
    ...Object.keys(outcomes[0]?.point ?? {}).map((path) => [
      path,
      ...outcomes.map(({ point }) => cellText(point[path])),
    ]),
    [search.path, ...outcomes.map(({ finding }) => cellText(finding.value))],
    ["95% interval", ...range(({ finding }) => finding.interval)],
    ["bracket", ...range(({ finding }) => finding.bracket)],
    ["probes", ...outcomes.map(({ probes }) => String(probes.length))],
    ["status", ...outcomes.map(({ finding }) => finding.status)],
  ];
  return [criterionText(search), gridText(columns), ...lawTexts(search.path, outcomes)].join("\n");
}

/** The line and the power law through what was found, where a single number is swept. */
function lawTexts(path: string, outcomes: readonly Outcome[]): string[] {
  const [swept, ...others] = Object.keys(outcomes[0]?.point ?? {});
  const found = outcomes.filter(({ finding }) => finding.replicates.length > 0);
  const points = found.map(({ point, finding }) => ({ ...finding, x: point[swept] as number }));
  if (others.length > 0 || points.some(({ x }) => typeof x !== "number")) return [];
  return lawsOf(points).map(({ kind, slope, offset, misses }) => {
    const estimate = (name: string, { value, interval }: Estimate) =>
      `${name} ${numberText(value)} (95%: ${interval.map(numberText).join(" … ")})`;
    const [first, second] = kind === "line" ? ["slope", "intercept"] : ["exponent", "factor"];
    return `${kind} of ${path} in ${swept}: ${estimate(first, slope)}, ${estimate(second, offset)}, off by a factor of ${numberText(misses)} at most`;
  });
}

/** What is looked for, in words. */
export function criterionText(search: SearchSpecification): string {
  const { path, quantity } = search;
  if ("withinFactor" in search)
    return `the largest ${path} whose mean ${quantity} is within a factor ${search.withinFactor} of the best`;
  const threshold = "atLeast" in search ? `at least ${search.atLeast}` : `at most ${search.atMost}`;
  return `the smallest ${path} whose mean ${quantity} is ${threshold}`;
}

function cellText(value: unknown): string {
  if (value === null || (typeof value === "number" && Number.isNaN(value))) return "-";
  return typeof value === "number" ? numberText(value) : String(value);
}
