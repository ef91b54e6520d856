/** Every eigenvalue of the tangent kernel over training, a panel a run. */

import * as Plot from "@observablehq/plot";
import { kernelRuns, kernelSize } from "../../src/results/kernel-frames.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "../figures/chart.ts";
import { domainOf } from "../figures/extent.ts";
import { defineFigure, type Frame } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import { runLabel } from "../figures/runs.ts";
import { epochFilter } from "../linked/selection.ts";
import { epochAt, epochAxis, isOn, labControls, type LabControls, nowRule, runOf } from "./lab-chart.ts";
import { eigenvalues, epochOf, labFrames, labRuns, largestSize, spectrumFloor } from "./spectra.ts";

/** A panel narrower than this has no room for its labels. */
const narrowestPanel = 170;
/** More eigenvalues than this are thinned: the largest, and evenly chosen ones. */
const mostRanks = 24;

interface Point {
  x: number;
  y: number;
  rank: number;
  panel: number;
  row: number;
}

export const spectrumOverTime = defineFigure<LabControls>({
  id: "spectrum-over-time",
  title: "Eigenvalues over training",
  caption:
    "Each eigenvalue of K(t), a panel a run. In the kernel regime they are flat: modes of the data then decay at rates that are fixed by K(0). In the rich regime they grow with the weights, by orders of magnitude, and their order may change.",
  needs: [],
  arrays: ["ntk"],
  wide: true,
  shows: (results) => kernelRuns(results).length > 0 && kernelSize(results) <= largestSize,
  controls: labControls,
  draw,
  brushes: () => epochFilter,
  data(results) {
    const points = pointsOf(results);
    return {
      rows: points.length,
      columns: {
        run: Int32Array.from(points, ({ row }) => runOf(results, row)),
        epoch: Float64Array.from(points, ({ x }) => x),
        rank: Int32Array.from(points, ({ rank }) => rank + 1),
        eigenvalue: Float64Array.from(points, ({ y }) => y),
      },
    };
  },
});

function pointsOf(results: Results): Point[] {
  const size = kernelSize(results);
  const step = Math.max(1, Math.ceil(size / mostRanks));
  return labRuns(results).flatMap((row, panel) => {
    const frames = labFrames(results, row);
    return Array.from({ length: size }, (_, rank) => rank)
      .filter((rank) => rank % step === 0 || rank === size - 1)
      .flatMap((rank) =>
        frames.map((frame) => ({
          x: epochOf(results, frame),
          y: eigenvalues(frame.kernel, size)[rank],
          rank,
          panel,
          row,
        })),
      );
  });
}

function draw(results: Results, frame: Frame, { epoch }: { epoch: number }): SVGSVGElement {
  const { theme, width } = frame;
  const rows = labRuns(results);
  const size = kernelSize(results);
  const all = pointsOf(results);
  const floor = Math.min(
    ...rows.flatMap((row) =>
      labFrames(results, row).map(({ kernel }) => spectrumFloor(eigenvalues(kernel, size))),
    ),
  );
  const axis = epochAxis(results, frame);
  const looked = all.filter(({ x }) => isOn(axis, x));
  const points = looked.filter(({ y }) => y > floor);
  const columns = Math.max(1, Math.min(rows.length, Math.floor(width / narrowestPanel)));
  const facet = {
    fx: ({ panel }: { panel: number }) => panel % columns,
    fy: ({ panel }: { panel: number }) => Math.floor(panel / columns),
  };
  const colour = ({ rank }: { rank: number }) => theme.line(size > 1 ? rank / (size - 1) : 0);
  return drawChart(
    {
      label: "Eigenvalues of the tangent kernel over training",
      x: axis,
      y: {
        title: "eigenvalues of K(t)",
        type: "log",
        domain: domainOf(
          points.map(({ y }) => y),
          "log",
        ),
      },
      legend: [
        {
          title: "rank",
          entries: [],
          ramp: {
            colour: theme.line,
            labels: [
              { at: 0, label: "1" },
              { at: 1, label: String(size) },
            ],
          },
        },
      ],
      panels: {
        columns,
        titles: rows.map((row) => runLabel(results, row)),
      },
      marks: [
        nowRule(epochAt(results, epoch), axis, frame),
        Plot.line(points, {
          ...facet,
          x: "x",
          y: "y",
          z: ({ panel, rank }: Point) => `${panel} ${rank}`,
          stroke: colour,
          strokeWidth: ({ row }: Point) => (frame.picked?.has(runOf(results, row)) ? 2.5 : 1.5),
        }),
        ...pointed(points, {
          text: ({ x, y, rank, row }) =>
            [
              runLabel(results, row),
              `epoch ${formatNumber(x)}`,
              `eigenvalue ${rank + 1}: ${formatNumber(y)}`,
            ].join("\n"),
          colour,
          theme,
          facet,
          line: ({ panel, rank }) => `${panel} ${rank}`,
          runs: ({ row }) => [runOf(results, row)],
        }),
      ],
      notes: [
        ...(points.length < looked.length
          ? [
              `Eigenvalues below ${formatNumber(floor, 2)}, negative ones too, are rounding of float32 entries, and left out.`,
            ]
          : []),
        ...(size > mostRanks
          ? [`${mostRanks} of ${size} eigenvalues are drawn, evenly chosen by rank.`]
          : []),
      ],
    },
    frame,
  );
}
