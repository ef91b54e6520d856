/** How far kernels turn from their start, over training: growth alone turns nothing. */

import * as Plot from "@observablehq/plot";
import { kernelFrames, kernelRuns } from "../../src/results/kernel-frames.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "../figures/chart.ts";
import { domainOf } from "../figures/extent.ts";
import { defineFigure, type Frame } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import { lineColours } from "../figures/line-colours.ts";
import { leadingPath, numberAt, runLabel } from "../figures/runs.ts";
import { epochFilter } from "../linked/selection.ts";
import {
  clarity,
  epochAt,
  epochAxis,
  isOn,
  labControls,
  type LabControls,
  nowRule,
  runOf,
} from "./lab-chart.ts";
import { epochOf, labRuns, misalignment } from "./spectra.ts";

/** Entries rounded to float32 turn a kernel by this much, at most. */
const floor = 0.5 * 2 ** -46;

interface Point {
  x: number;
  y: number;
  row: number;
}

export const alignmentOverTime = defineFigure<LabControls>({
  id: "alignment-over-time",
  title: "Alignment over training",
  caption:
    "One minus the cosine between K(t) and K(0): while the change is small, half the square of its part that is orthogonal to K(0), relative to K(0). A kernel that only grows stays at 0.",
  needs: [],
  arrays: ["ntk"],
  shows: (results) => kernelRuns(results).length > 0,
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
        misalignment: Float64Array.from(points, ({ y }) => y),
      },
    };
  },
});

/** The recorded quantity, exact where entries are too rounded to tell. */
const pointsOf = (results: Results): Point[] => {
  const recorded = results.history.columns.ntk_misalignment;
  return labRuns(results).flatMap((row) => {
    const frames = kernelFrames(results, row);
    return frames.map((frame) => ({
      x: epochOf(results, frame),
      y: recorded ? numberAt(recorded, frame.row) : misalignment(frame.kernel, frames[0].kernel),
      row,
    }));
  });
};

function draw(results: Results, frame: Frame, { epoch }: { epoch: number }): SVGSVGElement {
  const { theme } = frame;
  const colours = lineColours(results, leadingPath(results), theme);
  const clear = clarity(results, frame, labRuns(results));
  const least = "ntk_misalignment" in results.history.columns ? 0 : floor;
  const all = pointsOf(results);
  const axis = epochAxis(results, frame);
  const points = all.filter(({ x, y }) => y > least && isOn(axis, x));
  const colour = ({ row }: Point) => colours.of(row);
  return drawChart(
    {
      label: "One minus the cosine of the tangent kernel with its start, over training",
      x: axis,
      y: {
        title: "1 − cos(K(t), K(0))",
        type: "log",
        domain: domainOf(
          points.map(({ y }) => y),
          "log",
        ),
      },
      legend: [
        { title: colours.title, entries: colours.entries, ...(colours.ramp && { ramp: colours.ramp }) },
      ],
      marks: [
        nowRule(epochAt(results, epoch), axis, frame),
        Plot.line(points, {
          x: "x",
          y: "y",
          z: "row",
          stroke: colour,
          strokeOpacity: ({ row }: Point) => clear(row),
          strokeWidth: 2,
        }),
        ...pointed(points, {
          text: ({ x, y, row }) =>
            [runLabel(results, row), `epoch ${formatNumber(x)}`, `1 − cos = ${formatNumber(y)}`].join("\n"),
          colour,
          theme,
          line: ({ row }) => String(row),
          runs: ({ row }) => [runOf(results, row)],
        }),
      ],
      notes:
        points.length < all.filter(({ x }) => x > 0 && isOn(axis, x)).length && least > 0
          ? [`Below ${formatNumber(floor, 2)} it is rounding of float32 entries, and left out.`]
          : [],
    },
    frame,
  );
}
