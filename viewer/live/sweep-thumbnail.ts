/** What an experiment sweeps, as a strip of dots, one for each run: one axis across, others as rows of their own. No result. */

import { create, extent, scaleLinear, scaleLog, scalePoint } from "d3";
import { evenly } from "../../src/results/evenly.ts";
import type { Experiment, Json } from "../../src/document/types.ts";
import type { Theme } from "../figures/theme.ts";
import { valueScale } from "../figures/value-scale.ts";

const alphaPath = "init.alpha";
const width = 240;
/** Of a single row, and of many. */
const heights = [20, 56];
const margin = 10;
const mostRuns = 600;
/** A positive range wider than this factor is drawn in its logarithm. */
const logarithmicFrom = 8;

export function sweepThumbnail({ runs, search, axes }: Experiment, theme: Theme): SVGSVGElement {
  const points = search ? search.points : runs.map(({ swept }) => swept);
  const shown = evenly(points, mostRuns);
  const paths = Object.keys(points[0] ?? {});
  const across = paths.includes(alphaPath) ? alphaPath : paths[0];
  // What is set in step with it makes no rows.
  const inStep = axes.find((axis) => axis.paths.includes(across))?.paths ?? [across];
  const others = paths.filter((path) => !inStep.includes(path));
  const row = (point: (typeof points)[number]) => JSON.stringify(others.map((path) => point[path]));
  const names = new Set(shown.map(row));
  const height = heights[names.size > 1 ? 1 : 0];
  const rows = scalePoint(names, [height - margin, margin]).padding(0.5);
  const values = shown.map((point) => point[across]);
  const place = placesOf(values);
  const radius = Math.max(1.2, Math.min(3.5, 140 / Math.sqrt(shown.length * 12)));
  const colour = alphaColours(
    shown.map((point) => point[alphaPath]),
    theme,
  );
  const svg = create("svg")
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("width", "100%")
    .attr("aria-hidden", "true");
  svg
    .selectAll("circle")
    .data(shown)
    .join("circle")
    .attr("cx", (point) => place(point[across]))
    .attr("cy", (point) => rows(row(point))!)
    .attr("r", radius)
    .attr("fill", (point) => colour(point[alphaPath]));
  return svg.node()!;
}

/** Of what sweeps no alpha, one colour. */
function alphaColours(
  alphas: readonly (Json | undefined)[],
  theme: Theme,
): (alpha: Json | undefined) => string {
  const known = alphas.filter((alpha) => typeof alpha === "number");
  const { place } = valueScale(alphaPath, known);
  return (alpha) => (typeof alpha === "number" ? theme.line(place(alpha)) : theme.accent);
}

function placesOf(values: readonly unknown[]): (value: unknown) => number {
  const range: [number, number] = [margin, width - margin];
  const [low, high] = extent(values.filter((value) => typeof value === "number"));
  if (low === undefined || high === undefined || values.some((value) => typeof value !== "number")) {
    const places = scalePoint(new Set(values.map(String)), range).padding(0.5);
    return (value) => places(String(value))!;
  }
  if (low === high) return () => width / 2;
  const scale = low > 0 && high / low >= logarithmicFrom ? scaleLog() : scaleLinear();
  const places = scale.domain([low, high]).range(range);
  return (value) => places(value as number);
}
