/** Weights into the first layer's units as pictures, at initialization and later, of several alphas side by side. */

import type { Results } from "../../src/results/types.ts";
import { type ArrayFrame, arrayFrames } from "../../src/results/array-frames.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { drawNotes, notesHeight, wrapNotes } from "./chart.ts";
import { colourBarHeight, drawColourBar } from "./colour-bar.ts";
import { drawBlock, drawRowName } from "./blocks.ts";
import { runsWith, sharedSettings } from "./compared-runs.ts";
import { epochSlider, frameAt } from "./epoch-slider.ts";
import { drawingRoot } from "./drawing-root.ts";
import { defineFigure, type Frame, type Slider } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import { drawPicture, sharpCells } from "./picture.ts";
import { formatChange, kernelScale } from "./kernel-scale.ts";
import { pixelOf, rasterize, tabulate } from "./raster.ts";
import { leadingPath, numberAt, sweptPaths } from "./runs.ts";
import { valueLabel } from "./trial-labels.ts";

const mostBlocks = 6;
const mostFilters = 16;
/** Filters a row of a block. */
const filtersAcross = 4;
const sides = { least: 18, most: 44 };
const gap = { filter: 3, block: 28 };
/** Room on the left for what the parts of a block are. */
const left = 20;
const [titleHeight, numberHeight, partGap] = [20, 24, 12];

/** A unit's incoming weights as a picture: so many channels of so many pixels a side. */
interface Picture {
  channels: number;
  side: number;
}

/** The pictures of a run's filters, or undefined where its inputs are no images of equal sides. */
function pictureOf(results: Results): Picture | undefined {
  const incoming = results.arrays.first_layer?.shape[3] ?? 0;
  const [{ model }] = specifiedRuns(results);
  const first = model.kind === "relu" || model.kind === "linear" ? model.layers?.[0] : undefined;
  if (first && "conv" in first) return { channels: incoming / first.size ** 2, side: first.size };
  const channels = [1, 3].find((count) => Number.isInteger(Math.sqrt(incoming / count)));
  const side = Math.sqrt(incoming / (channels ?? 1));
  // A few numbers in a square are no picture.
  return channels === undefined || side < 4 ? undefined : { channels, side };
}

interface Block {
  title: string;
  run: number;
  start: Float32Array;
  now: Float32Array;
  /** Root mean square of the weights at the start. */
  unit: number;
  /** |W - W(0)| / |W(0)| of the whole layer. */
  moved: number;
}

const compared = (results: Results): number[] => runsWith(results, "first_layer", mostBlocks);

const epochOf = (results: Results, { row }: ArrayFrame): number =>
  numberAt(results.history.columns.epoch, row);

function epochsOf(results: Results): number[] {
  const all = compared(results).flatMap((run) =>
    arrayFrames(results, "first_layer", run).map((frame) => epochOf(results, frame)),
  );
  return [...new Set(all)].sort((a, b) => a - b);
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

function blocksOf(results: Results, position: number): Block[] {
  const path = leadingPath(results)!;
  const epoch = epochsOf(results)[position];
  return compared(results).map((row) => {
    const frames = arrayFrames(results, "first_layer", row);
    const start = frames[0].values;
    const now = frameAt(results, frames, epoch).values;
    return {
      title: valueLabel(path, results.runs.columns[path][row]),
      run: numberAt(results.runs.columns.run, row),
      start,
      now,
      unit: norm(start) / Math.sqrt(start.length),
      moved: norm(now.map((value, k) => value - start[k])) / norm(start),
    };
  });
}

/** The largest weight that is drawn at any time, in units of its run. */
function largestDrawn(results: Results, drawn: number): number {
  let largest = 0;
  for (const row of compared(results)) {
    const frames = arrayFrames(results, "first_layer", row);
    const unit = norm(frames[0].values) / Math.sqrt(frames[0].values.length);
    for (const { values } of frames)
      for (const value of values.subarray(0, drawn)) largest = Math.max(largest, Math.abs(value) / unit);
  }
  return largest;
}

function draw(results: Results, frame: Frame, { epoch: position }: { epoch: number }): SVGSVGElement {
  const { document, width, theme } = frame;
  const blocks = blocksOf(results, position);
  const { channels, side } = pictureOf(results)!;
  const [, , units, incoming] = results.arrays.first_layer!.shape;
  const filters = Math.min(units, mostFilters);
  const rows = Math.ceil(filters / filtersAcross);
  const across = Math.min(filters, filtersAcross);
  const blockWidthOf = (cell: number) => across * cell + (across - 1) * gap.filter;
  const most = Math.max(1, Math.floor((width - left + gap.block) / (blockWidthOf(sides.least) + gap.block)));
  const columns = Math.ceil(blocks.length / Math.ceil(blocks.length / most));
  const room = (width - left + gap.block) / columns - gap.block - (across - 1) * gap.filter;
  const cell = Math.min(sides.most, Math.floor(room / across));
  const partHeight = rows * cell + (rows - 1) * gap.filter;
  const blockHeight = titleHeight + 3 * partHeight + 2 * partGap + numberHeight + 14;
  const top = 26;
  const barTop = top + Math.ceil(blocks.length / columns) * blockHeight + 4;
  const notes = wrapNotes(notesOf(results, blocks, filters, units, channels), width);
  const notesTop = barTop + colourBarHeight + 22;
  const scale = kernelScale(largestDrawn(results, filters * incoming), theme, 1);
  const pixels = tabulate(scale.colour);
  const missing = pixelOf(theme.missing);
  const { drawing, root } = drawingRoot(
    document,
    width,
    notesTop + notesHeight(notes.length),
    theme,
    "Weights into the first layer, at initialization and later",
  );
  root.append("style").text(sharpCells);
  root
    .append("text")
    .attr("y", 13)
    .text(`epoch ${formatNumber(epochsOf(results)[position])}`);
  const blockWidth = blockWidthOf(cell);
  blocks.forEach((shown, k) => {
    const { start, now, unit, moved } = shown;
    const x = left + (k % columns) * (blockWidth + gap.block);
    const y = top + Math.floor(k / columns) * blockHeight;
    const block = drawBlock(root, shown, { x, y, width: blockWidth, height: blockHeight - 8 }, frame);
    const change = now.map((value, p) => value - start[p]);
    [start, now, change].forEach((weights, part) => {
      const partTop = titleHeight + part * (partHeight + partGap);
      for (let filter = 0; filter < filters; filter++) {
        const own = weights.subarray(filter * incoming, (filter + 1) * incoming);
        const picture = rasterize(side, side, (row, column) => {
          let sum = 0;
          for (let channel = 0; channel < channels; channel++)
            sum += own[(channel * side + row) * side + column];
          return Number.isFinite(sum) ? pixels(scale.place(sum / channels / unit)) : missing;
        });
        drawPicture(block, picture, {
          side: cell,
          x: (filter % filtersAcross) * (cell + gap.filter),
          y: partTop + Math.floor(filter / filtersAcross) * (cell + gap.filter),
        });
      }
      if (k % columns === 0)
        drawRowName(block, ["w(0)", "w(t)", "w(t) − w(0)"][part], partTop + partHeight / 2, theme);
    });
    block
      .append("text")
      .attr("x", blockWidth / 2)
      .attr("y", titleHeight + 3 * partHeight + 2 * partGap + 17)
      .attr("text-anchor", "middle")
      .text(formatChange(moved));
  });
  drawColourBar(
    root.append("g").attr("transform", `translate(${left},${barTop})`),
    { width: Math.min(360, width - 2 * left), ...scale },
    theme,
  );
  drawNotes(drawing, notes, notesTop, theme.muted);
  return drawing;
}

function notesOf(
  results: Results,
  blocks: readonly Block[],
  filters: number,
  units: number,
  channels: number,
): string[] {
  const [row] = compared(results);
  const shared = sharedSettings(results, row);
  return [
    "Weights are in units of the root mean square of w(0)'s own; numbers are ‖W − W(0)‖ / ‖W(0)‖ of the whole first layer.",
    ...(shared.length > 0 ? [`All with ${shared.join(", ")}.`] : []),
    ...(filters < units ? [`The first ${filters} of ${plural(units, "unit")}.`] : []),
    ...(channels > 1 ? [`Pixels are means over ${channels} channels.`] : []),
    ...(blocks.some(({ moved }) => !Number.isFinite(moved))
      ? ["Weights without a finite value are grey."]
      : []),
  ];
}

export const firstLayerFilters = defineFigure<{ epoch: Slider }>({
  id: "first-layer-filters",
  title: "What the first layer looks for",
  caption:
    "Weights into units of the first layer, drawn as they lie over the image: at initialization, at one time in training, and what of that is new, on one scale of colours. At small α they become features of the data; at large α they stay the random ones that they were.",
  needs: [],
  arrays: ["first_layer"],
  shows: (results) => pictureOf(results) !== undefined && compared(results).length > 1,
  wide: true,
  controls(results) {
    return { epoch: epochSlider(epochsOf(results)) };
  },
  draw,
  data(results, { epoch }) {
    const { columns } = results.runs;
    const runs = compared(results);
    return {
      rows: runs.length,
      columns: {
        run: runs.map((row) => columns.run[row]),
        ...Object.fromEntries(
          sweptPaths(results).map((path) => [path, runs.map((row) => columns[path][row])]),
        ),
        "relative change": blocksOf(results, epoch).map(({ moved }) => moved),
      },
    };
  },
});
