/** What networks of m particles have learned of a teacher, against m (Chizat & Bach 2018, Figure 3). */

import * as Plot from "@observablehq/plot";
import { group, median } from "d3";
import type { Table } from "../../src/document/table.ts";
import type { TeacherData } from "../../src/document/types.ts";
import { type ParticleScaling, particlesOf } from "../../src/results/particle-networks.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf, hasPlace, LeftOut } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { hasDiverged, numberAt } from "./runs.ts";

interface Point {
  x: number;
  y: number;
  scaling: ParticleScaling;
  row: number;
}

const scalings: readonly ParticleScaling[] = ["m", "√m"];

/** Read off Chizat & Bach's Figure 3 (ReLU, 100 inputs, 20 teachers): the excess just below as many particles as teachers, and just above. */
const published = { dimension: 100, teachers: 20, below: 0.03, above: 1e-5 };

const pointsOf = (results: Results): Point[] =>
  specifiedRuns(results).flatMap((run, row): Point[] => {
    const particles = particlesOf(run);
    if (!particles || hasDiverged(results, row)) return [];
    const y = numberAt(results.runs.columns.test_loss, row);
    return [{ x: particles.count, y, scaling: particles.scaling, row }];
  });

const teachersOf = (results: Results): number => (specifiedRuns(results)[0].data as TeacherData).widths[0];

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const leftOut = new LeftOut();
  const points = pointsOf(results).filter(({ x, y }) => leftOut.admits(x, y, "log", "log"));
  const teachers = teachersOf(results);
  const { dimension, widths } = specifiedRuns(results)[0].data as TeacherData;
  const isPublished = dimension === published.dimension && widths[0] === published.teachers;
  const levels = [published.below, published.above];
  const colour = (scaling: ParticleScaling) => theme.categories[scalings.indexOf(scaling)];
  const medians = scalings.flatMap((scaling) =>
    [
      ...group(
        points.filter((point) => point.scaling === scaling),
        ({ x }) => x,
      ),
    ]
      .map(([x, own]) => ({ x, y: median(own, ({ y }) => y)!, scaling }))
      .sort((one, other) => one.x - other.x),
  );
  const x = domainOf([...points.map((point) => point.x), teachers], "log");
  const y = domainOf(
    [...points.map((point) => point.y).filter((value) => hasPlace(value, "log")), ...levels],
    "log",
  );
  const shown = scalings.filter((scaling) => points.some((point) => point.scaling === scaling));
  return drawChart(
    {
      label: "Excess loss of networks of m particles",
      x: {
        title: "particles m",
        type: "log",
        domain: x,
        ticks: [...new Set(points.map((point) => point.x))],
      },
      y: { title: "excess loss on unseen inputs", type: "log", domain: y },
      legend: [
        {
          title: "sum over particles, divided by",
          entries: shown.map((scaling) => ({
            label: scaling,
            colour: colour(scaling),
            mark: "line" as const,
          })),
        },
        {
          entries: [
            { label: `${teachers} units of the teacher`, colour: theme.muted, mark: "dashed" },
            {
              label: isPublished ? "published" : `published, of ${published.teachers} units`,
              colour: theme.text,
              mark: "cross",
            },
          ],
        },
      ],
      marks: [
        Plot.ruleX([teachers], { stroke: theme.muted, strokeDasharray: "5,3" }),
        ...shown.map((scaling) =>
          Plot.line(
            medians.filter((point) => point.scaling === scaling),
            { x: "x", y: "y", stroke: colour(scaling), strokeWidth: 1.75 },
          ),
        ),
        Plot.dot(points, {
          x: "x",
          y: "y",
          r: 3,
          fill: ({ scaling }: Point) => colour(scaling),
          fillOpacity: 0.75,
        }),
        Plot.dot(
          levels.map((level, k) => ({ x: teachers * (k === 0 ? 0.95 : 1.05), y: level })),
          { x: "x", y: "y", symbol: "times", r: 5, stroke: theme.text, strokeWidth: 1.5 },
        ),
        ...pointed(points, {
          text: ({ x: count, y: loss, scaling }) =>
            `m = ${formatNumber(count)}, over ${scaling}: ${formatNumber(loss)}`,
          colour: ({ scaling }) => colour(scaling),
          theme,
          runs: ({ row }) => [numberAt(results.runs.columns.run, row)],
        }),
      ],
      notes: [
        "A dot a run, lines through medians. The least loss is 0 from as many particles as the teacher has units; fewer cannot represent it. Losses below 1e-4 are still falling when training ends: their order says little.",
        `Crosses: just below and just above as many particles as units, of ${published.teachers} units and ${published.dimension} inputs (Chizat & Bach 2018, Figure 3).`,
        ...leftOut.notes(),
      ],
    },
    frame,
  );
}

export const lossAgainstParticles = defineFigure<Record<string, never>>({
  id: "loss-against-particles",
  title: "What m particles learn of a teacher",
  caption:
    "Loss on unseen inputs after training, against the number m of particles. With fewer particles than the teacher has units something is always left; with somewhat more, gradient flow comes near the teacher, though the problem is not convex. Divided by the root of m the start is large: wide networks know less of what they have not seen.",
  needs: ["test_loss"],
  shows: (results) =>
    specifiedRuns(results).every(
      (run) =>
        run.data.kind === "teacher" &&
        run.data.widths.length === 1 &&
        run.data.labels === "values" &&
        run.data.noise === 0 &&
        particlesOf(run) !== undefined,
    ) && new Set(pointsOf(results).map(({ x }) => x)).size > 2,
  controls: () => ({}),
  draw: (results, frame) => draw(results, frame),
  data(results): Table {
    const points = pointsOf(results);
    return {
      rows: points.length,
      columns: {
        run: points.map(({ row }) => numberAt(results.runs.columns.run, row)),
        particles: Float64Array.from(points, ({ x }) => x),
        over: points.map(({ scaling }) => scaling),
        "excess loss": Float64Array.from(points, ({ y }) => y),
      },
    };
  },
});
