/** The spectra of all runs at one time, each beside its own at the start. */

import * as Plot from "@observablehq/plot";
import { kernelFrames, kernelRuns, kernelSize } from "../../src/results/kernel-frames.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "../figures/chart.ts";
import { domainOf } from "../figures/extent.ts";
import { defineFigure, type Frame } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import { frameAt } from "../figures/epoch-slider.ts";
import { lineColours } from "../figures/line-colours.ts";
import { leadingPath, runLabel } from "../figures/runs.ts";
import { clarity, epochAt, labControls, type LabControls, runOf } from "./lab-chart.ts";
import { eigenvalues, labFrames, labRuns, largestSize, spectrumFloor } from "./spectra.ts";

interface Point {
  x: number;
  /** Over the largest eigenvalue of K(0). */
  y: number;
  row: number;
  isStart: boolean;
}

export const spectrumNow = defineFigure<LabControls>({
  id: "spectrum-now",
  title: "The spectrum at one time",
  caption:
    "Eigenvalues of K(t) by rank, over the largest one of the run’s own K(0); dashed at the start. Where a solid line lies on its dashed one, the kernel is still what it was.",
  needs: [],
  arrays: ["ntk"],
  shows: (results) => kernelRuns(results).length > 0 && kernelSize(results) <= largestSize,
  controls: labControls,
  draw,
  data(results, { epoch }) {
    const points = pointsOf(results, epochAt(results, epoch)).filter(({ isStart }) => !isStart);
    return {
      rows: points.length,
      columns: {
        run: Int32Array.from(points, ({ row }) => runOf(results, row)),
        rank: Int32Array.from(points, ({ x }) => x),
        "over the largest of K(0)": Float64Array.from(points, ({ y }) => y),
      },
    };
  },
});

function pointsOf(results: Results, epoch: number): Point[] {
  const size = kernelSize(results);
  return labRuns(results).flatMap((row) => {
    const frames = kernelFrames(results, row);
    const first = eigenvalues(frames[0].kernel, size);
    // Of the times whose eigenvalues other figures know, or a player of a large kernel would wait.
    const now = eigenvalues(frameAt(results, labFrames(results, row), epoch).kernel, size);
    return [first, now].flatMap((values, k) =>
      Array.from(values, (value, rank): Point => ({
        x: rank + 1,
        y: value > spectrumFloor(values) ? value / first[0] : NaN,
        row,
        isStart: k === 0,
      })),
    );
  });
}

function draw(results: Results, frame: Frame, { epoch }: { epoch: number }): SVGSVGElement {
  const { theme } = frame;
  const rows = labRuns(results);
  const colours = lineColours(results, leadingPath(results), theme);
  const clear = clarity(results, frame, rows);
  const points = pointsOf(results, epochAt(results, epoch)).filter(({ y }) => Number.isFinite(y));
  const size = kernelSize(results);
  // The axis is that of all times: it stays as it is while time is played.
  const heights = rows.flatMap((row) => {
    const frames = labFrames(results, row);
    const [unit] = eigenvalues(frames[0].kernel, size);
    return frames.flatMap(({ kernel }) => {
      const values = eigenvalues(kernel, size);
      return [...values].filter((value) => value > spectrumFloor(values)).map((value) => value / unit);
    });
  });
  const of = (isStart: boolean) => points.filter((point) => point.isStart === isStart);
  const look = {
    x: "x",
    y: "y",
    z: "row",
    stroke: ({ row }: Point) => colours.of(row),
    strokeOpacity: ({ row }: Point) => clear(row),
  };
  return drawChart(
    {
      label: `Spectra of tangent kernels at epoch ${formatNumber(epochAt(results, epoch))}`,
      x: { title: "rank", type: "linear", domain: [1, Math.max(2, size)] },
      y: { title: "λ(K(t)) / λ₁(K(0))", type: "log", domain: domainOf(heights, "log") },
      legend: [
        { title: colours.title, entries: colours.entries, ...(colours.ramp && { ramp: colours.ramp }) },
        { entries: [{ label: "at the start", colour: theme.muted, mark: "dashed" }] },
      ],
      marks: [
        Plot.line(of(true), { ...look, strokeWidth: 1.25, strokeDasharray: "4,3" }),
        Plot.line(of(false), { ...look, strokeWidth: 2 }),
        Plot.dot(of(false), {
          x: "x",
          y: "y",
          r: size > 40 ? 1 : 2.5,
          fill: look.stroke,
          fillOpacity: look.strokeOpacity,
        }),
        ...pointed(of(false), {
          text: ({ x, y, row }) => [runLabel(results, row), `rank ${x}: ${formatNumber(y)}`].join("\n"),
          colour: ({ row }) => colours.of(row),
          theme,
          line: ({ row }) => String(row),
          runs: ({ row }) => [runOf(results, row)],
        }),
      ],
      notes: [],
    },
    frame,
  );
}
