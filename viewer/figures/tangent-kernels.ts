/** Tangent kernels of several alphas side by side at one time: which of them have changed, and by how much. */

import { epochSlider, frameAt } from "./epoch-slider.ts";
import { drawBlock, drawRowName } from "./blocks.ts";
import { runsAlong, sharedSettings } from "./compared-runs.ts";
import { drawingRoot } from "./drawing-root.ts";
import { type KernelFrame, kernelFrames, kernelRuns, kernelSize } from "../../src/results/kernel-frames.ts";
import type { Results } from "../../src/results/types.ts";
import { drawNotes, notesHeight, wrapNotes } from "./chart.ts";
import { colourBarHeight, drawColourBar } from "./colour-bar.ts";
import { defineFigure, type Frame, type Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { drawMatrix, matrixNotes } from "./kernel-matrix.ts";
import { sharpCells } from "./picture.ts";
import {
  formatChange,
  kernelEpochs,
  kernelScale,
  kernelUnit,
  largestOfAll,
  linearBelow,
  relativeChange,
} from "./kernel-scale.ts";
import { leadingPath, numberAt, pathSymbol, sweptPaths } from "./runs.ts";
import { valueLabel } from "./trial-labels.ts";

const sides = { least: 84, most: 180 };
const gap = 16;
/** Room on the left for what the rows are. */
const left = 20;
const titleHeight = 20;
const numberHeight = 26;
const rowGap = 14;

/** A run with its kernels. */
interface Block {
  title: string;
  /** As the runs table numbers it. */
  run: number;
  first: KernelFrame;
  now: KernelFrame;
}

export const tangentKernels = defineFigure<{ epoch: Slider }>({
  id: "tangent-kernels",
  title: "Tangent kernels side by side",
  caption:
    "The kernel of each run at one time, above, and what of it is new, below; relative to its own start, on one scale of colours. Where the lower row is blank, training is kernel regression with K(0).",
  needs: [],
  arrays: ["ntk"],
  shows: (results) => comparedRuns(results).length > 1,
  wide: true,
  controls: (results) => ({ epoch: epochSlider(kernelEpochs(results)) }),
  draw,
  data(results, { epoch }) {
    const { columns } = results.runs;
    const runs = comparedRuns(results);
    const blocks = blocksOf(results, epoch);
    return {
      rows: runs.length,
      columns: {
        run: runs.map((row) => columns.run[row]),
        ...Object.fromEntries(
          sweptPaths(results).map((path) => [path, runs.map((row) => columns[path][row])]),
        ),
        epoch: blocks.map(({ now }) => results.history.columns.epoch[now.row]),
        "relative change": blocks.map(({ first, now }) => relativeChange(results, first, now)),
      },
    };
  },
});

/** Kernels that differ in the leading path alone. */
export const comparedRuns = (results: Results): number[] => runsAlong(results, kernelRuns(results));

function blocksOf(results: Results, position: number): Block[] {
  const path = leadingPath(results)!;
  const epochs = kernelEpochs(results);
  const epoch = epochs[Math.min(position, epochs.length - 1)];
  return comparedRuns(results).map((row) => {
    const frames = kernelFrames(results, row);
    return {
      title: valueLabel(path, results.runs.columns[path][row]),
      run: numberAt(results.runs.columns.run, row),
      first: frames[0],
      now: frameAt(results, frames, epoch),
    };
  });
}

function draw(results: Results, frame: Frame, { epoch }: { epoch: number }): SVGSVGElement {
  const { document, width, theme } = frame;
  const blocks = blocksOf(results, epoch);
  const size = kernelSize(results);
  const scale = kernelScale(largestOfAll(results), theme);
  const most = Math.max(1, Math.floor((width - left + gap) / (sides.least + gap)));
  const columns = Math.ceil(blocks.length / Math.ceil(blocks.length / most));
  const side = Math.min(sides.most, Math.floor((width - left + gap) / columns) - gap);
  const blockHeight = titleHeight + 2 * side + gap / 2 + numberHeight + rowGap;
  const rows = Math.ceil(blocks.length / columns);
  const top = 26;
  const barTop = top + rows * blockHeight + 4;
  const notes = wrapNotes(notesOf(results, blocks, size), width);
  const notesTop = barTop + colourBarHeight + 22;
  const height = notesTop + notesHeight(notes.length);
  const { drawing, root } = drawingRoot(document, width, height, theme, "Tangent kernels side by side");
  root.append("style").text(sharpCells);
  const epochs = kernelEpochs(results);
  root
    .append("text")
    .attr("y", 13)
    .text(`epoch ${formatNumber(epochs[Math.min(epoch, epochs.length - 1)])}`);
  blocks.forEach((own, k) => {
    const { first, now } = own;
    const x = left + (k % columns) * (side + gap);
    const y = top + Math.floor(k / columns) * blockHeight;
    const unit = kernelUnit(first);
    const block = drawBlock(root, own, { x, y, width: side, height: blockHeight - rowGap + 6 }, frame);
    const entries = [
      { name: "K(t)", entry: (entry: number) => now.kernel[entry] / unit },
      {
        name: "K(t) − K(0)",
        entry: (entry: number) => (now.kernel[entry] - first.kernel[entry]) / unit,
      },
    ];
    entries.forEach(({ name, entry }, row) => {
      const matrixTop = titleHeight + row * (side + gap / 2);
      const matrix = block.append("g").attr("transform", `translate(0,${matrixTop})`);
      drawMatrix(matrix, entry, scale, { size, side, theme });
      // Blank kernels need an edge, or they are not there.
      matrix
        .append("rect")
        .attr("width", side)
        .attr("height", side)
        .attr("fill", "none")
        .attr("stroke", theme.grid);
      if (k % columns === 0) drawRowName(matrix, name, side / 2, theme);
    });
    block
      .append("text")
      .attr("x", side / 2)
      .attr("y", blockHeight - rowGap - 8)
      .attr("text-anchor", "middle")
      .text(formatChange(relativeChange(results, first, now)));
  });
  drawColourBar(
    root.append("g").attr("transform", `translate(${left},${barTop})`),
    { width: Math.min(360, width - 2 * left), ...scale },
    theme,
  );
  drawNotes(drawing, notes, notesTop, theme.muted);
  return drawing;
}

function notesOf(results: Results, blocks: readonly Block[], size: number): string[] {
  const path = leadingPath(results)!;
  const [row] = comparedRuns(results);
  const shared = sharedSettings(results, row);
  const all = new Set(Array.from(results.runs.columns[path])).size;
  return [
    `Entries are in units of the root mean square of K(0)'s own; numbers are ‖K(t) − K(0)‖ / ‖K(0)‖. Colours are linear below ${linearBelow}, then logarithmic.`,
    ...(shared.length > 0 ? [`All with ${shared.join(", ")}.`] : []),
    ...(blocks.length < all ? [`${blocks.length} of ${all} values of ${pathSymbol(path)}.`] : []),
    ...matrixNotes(
      blocks.flatMap(({ first, now }) => [first.kernel, now.kernel]),
      size,
    ),
  ];
}
