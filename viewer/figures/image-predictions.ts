/** Test images, and what the runs of several alphas make of each. */

import { max, mean, min } from "d3";
import type { Dataset } from "../../src/data/dataset.ts";
import { arrayFrames } from "../../src/results/array-frames.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { drawNotes, notesHeight, wrapNotes } from "./chart.ts";
import { runsWith, sharedSettings } from "./compared-runs.ts";
import { drawingRoot } from "./drawing-root.ts";
import { type Choice, defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { generatedData } from "./generated-data.ts";
import { drawPicture, sharpCells } from "./picture.ts";
import { rasterize } from "./raster.ts";
import { leadingPath, numberAt } from "./runs.ts";
import { valueLabel } from "./trial-labels.ts";

const mostImages = 8;
const mostRuns = 4;
const side = 48;
/** A column an image, a row a run. */
const columnWidth = 76;
const rowHeight = 58;
const barsHeight = 34;
const left = 92;

const differing = "differ";
const first = "first";

/** What a run makes of the test images at its end. */
interface Predicted {
  title: string;
  run: number;
  /** [test samples, classes]. */
  outputs: Float32Array;
  /** The largest of each sample's. */
  labels: number[];
  accuracy: number;
}

interface Shown {
  dataset: Dataset;
  names: readonly string[];
  runs: Predicted[];
  /** The runs' tables' row of the first. */
  row: number;
}

const known = new WeakMap<Results, { rows: number; shown: Shown | undefined }>();

/** What there is to show: runs on one set of test images, whose classes are numbered. */
function shownOf(results: Results): Shown | undefined {
  const before = known.get(results);
  if (before?.rows === results.history.rows) return before.shown;
  const shown = gather(results);
  known.set(results, { rows: results.history.rows, shown });
  return shown;
}

function gather(results: Results): Shown | undefined {
  const rows = runsWith(results, "function", mostRuns);
  if (rows.length < 2) return undefined;
  const specifications = specifiedRuns(results);
  const data = specifications[rows[0]].data;
  if (rows.some((row) => JSON.stringify(specifications[row].data) !== JSON.stringify(data))) return undefined;
  const dataset = generatedData(specifications[rows[0]]);
  const classes = results.arrays.function!.shape[3];
  if (!dataset?.image || dataset.classes === undefined || classes !== dataset.classes) return undefined;
  const path = leadingPath(results)!;
  return {
    dataset,
    names: Array.from({ length: classes }, (_, k) =>
      String("classes" in data && Array.isArray(data.classes) ? data.classes[k] : k),
    ),
    row: rows[0],
    runs: rows.map((row) => {
      const outputs = arrayFrames(results, "function", row).at(-1)!.values;
      const labels = Array.from({ length: dataset.testSamples }, (_, j) => {
        const own = outputs.subarray(j * classes, (j + 1) * classes);
        return own.indexOf(max(own)!);
      });
      return {
        title: valueLabel(path, results.runs.columns[path][row]),
        run: numberAt(results.runs.columns.run, row),
        outputs,
        labels,
        accuracy: mean(labels, (label, j) => Number(label === dataset.testY[j]))!,
      };
    }),
  };
}

/** Samples on which not all runs say the same, before the others. */
function chosen(
  { dataset, runs }: Shown,
  which: string,
  count: number,
): { samples: number[]; differ: number } {
  const all = Array.from({ length: dataset.testSamples }, (_, j) => j);
  const differ = all.filter((j) => runs.some(({ labels }) => labels[j] !== runs[0].labels[j]));
  const samples = which === differing ? [...differ, ...all.filter((j) => !differ.includes(j))] : all;
  return { samples: samples.slice(0, count), differ: differ.length };
}

function draw(results: Results, frame: Frame, { which }: { which: string }): SVGSVGElement {
  const { document, width, theme } = frame;
  const shown = shownOf(results)!;
  const { dataset, names, runs } = shown;
  const count = Math.min(mostImages, Math.max(1, Math.floor((width - left) / columnWidth)));
  const { samples, differ } = chosen(shown, which, count);
  const top = 4;
  const runsTop = top + side + 30;
  const shared = sharedSettings(results, shown.row);
  const notes = wrapNotes(
    [
      `These runs do not all say the same of ${differ} of ${formatNumber(dataset.testSamples)} test images${which === differing ? ": those come first" : ""}. Bars are the outputs at the end, one a class; the class named is the largest's, ✓ where it is the image's own.`,
      ...(shared.length > 0 ? [`All with ${shared.join(", ")}.`] : []),
    ],
    width,
  );
  const notesTop = runsTop + runs.length * rowHeight + 18;
  const { drawing, root } = drawingRoot(
    document,
    width,
    notesTop + notesHeight(notes.length),
    theme,
    "Test images and what runs make of them",
  );
  root.append("style").text(sharpCells);
  const { channels, height, width: across } = dataset.image!;
  const pixels = channels * height * across;
  const place = (column: number) => left + column * columnWidth;
  root
    .append("text")
    .attr("y", top + side + 16)
    .attr("fill", theme.muted)
    .text("its class");
  samples.forEach((sample, column) => {
    const image = dataset.testX.subarray(sample * pixels, (sample + 1) * pixels);
    const [low, high] = [min(image)!, max(image)!];
    const level = (channel: number, row: number, x: number) =>
      Math.round((255 * (image[(channel * height + row) * across + x] - low)) / (high - low || 1));
    const picture = rasterize(height, across, (row, x) => {
      const colour = [0, 1, 2].map((channel) => level(channels === 3 ? channel : 0, row, x));
      return [colour[0], colour[1], colour[2]];
    });
    drawPicture(root, picture, { side, x: place(column), y: top });
    root
      .append("text")
      .attr("x", place(column) + side / 2)
      .attr("y", top + side + 16)
      .attr("text-anchor", "middle")
      .attr("font-weight", 600)
      .text(names[dataset.testY[sample]]);
  });
  runs.forEach(({ title, run, outputs, labels, accuracy }, k) => {
    const row = root.append("g").attr("transform", `translate(0,${runsTop + k * rowHeight})`);
    row.datum({ runs: [run] });
    row
      .append("text")
      .attr("y", 16)
      .attr("font-weight", frame.picked?.has(run) ? 800 : 600)
      .text(title);
    row
      .append("text")
      .attr("y", 32)
      .attr("font-size", 11)
      .attr("fill", theme.muted)
      .text(`${formatNumber(100 * accuracy, 3)}% right`);
    samples.forEach((sample, column) => {
      const own = outputs.subarray(sample * names.length, (sample + 1) * names.length);
      const [low, high] = [Math.min(0, min(own)!), Math.max(0, max(own)!)];
      const y = (value: number) => (barsHeight * (high - value)) / (high - low || 1);
      const isRight = labels[sample] === dataset.testY[sample];
      const colour = isRight ? theme.accent : theme.warning;
      const barWidth = side / names.length;
      const cell = row.append("g").attr("transform", `translate(${place(column)},0)`);
      own.forEach((value, label) => {
        cell
          .append("rect")
          .attr("x", label * barWidth)
          .attr("y", y(Math.max(0, value)))
          .attr("width", Math.max(1, barWidth - 1))
          .attr("height", Math.abs(y(value) - y(0)))
          .attr("fill", label === labels[sample] ? colour : theme.grid);
      });
      cell
        .append("text")
        .attr("x", side / 2)
        .attr("y", barsHeight + 14)
        .attr("text-anchor", "middle")
        .attr("font-size", 11)
        .attr("fill", colour)
        .text(`${names[labels[sample]]} ${isRight ? "✓" : "✗"}`);
    });
  });
  drawNotes(drawing, notes, notesTop, theme.muted);
  return drawing;
}

export const imagePredictions = defineFigure<{ which: Choice }>({
  id: "image-predictions",
  title: "What runs of small and large scale see in an image",
  caption:
    "Images that were not trained on, and what runs from small and large scales of initialization make of them when training ends.",
  needs: [],
  arrays: ["function"],
  shows: (results) => shownOf(results) !== undefined,
  controls: () => ({
    which: {
      kind: "choice",
      label: "Images",
      options: [
        { value: differing, label: "on which runs differ" },
        { value: first, label: "the first" },
      ],
      initial: differing,
    },
  }),
  draw,
  data(results, { which }) {
    const shown = shownOf(results)!;
    const { samples } = chosen(shown, which, mostImages);
    const { dataset, names, runs } = shown;
    return {
      rows: samples.length,
      columns: {
        "test image": samples,
        class: samples.map((j) => names[dataset.testY[j]]),
        ...Object.fromEntries(runs.map(({ title, labels }) => [title, samples.map((j) => names[labels[j]])])),
      },
    };
  },
});
