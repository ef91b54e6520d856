/** Tangent kernels as heat maps, K(0), K(t) and their difference (thesis Figures 3 to 5, and their animations). */

import { pointer, select } from "d3";
import type { DenseArray, Results } from "../../src/results/types.ts";
import { drawNotes, fontFamily, fontSize, notesHeight, wrapNotes } from "./chart.ts";
import { colourBarHeight, drawColourBar } from "./colour-bar.ts";
import { defineFigure, type Frame, type Live, type Settings, type Slider, type Switch } from "./figure.ts";
import { formatCount, formatNumber, plural } from "./format.ts";
import {
  type KernelFrame,
  kernelFrames,
  kernelRecords,
  kernelRuns,
  kernelSize,
} from "../../src/results/kernel-frames.ts";
import type { Drawing } from "./legend.ts";
import { pixelOf, rasterize, tabulate } from "./raster.ts";
import { runLabel } from "./runs.ts";
import type { Theme } from "./theme.ts";

interface KernelControls extends Record<string, Slider | Switch> {
  run: Slider;
  record: Slider;
  fixed: Switch;
}

/** Panels are at most this large, so that they stand side by side. */
const largestPanel = 360;
const gap = 28;
const heading = 24;
/** Narrower pages get two panels a row. */
const threeColumnsFrom = 560;
/** Larger kernels are drawn by the means of blocks: a screen has no more pixels. */
const mostPixels = 512;

export const tangentKernel = defineFigure<KernelControls>({
  id: "tangent-kernel",
  title: "The tangent kernel while it trains",
  caption:
    "K(x, x′) = ⟨∇f(x), ∇f(x′)⟩ on the training inputs, a cell a pair of samples: at the start, at the chosen record, and the change.",
  needs: [],
  arrays: ["ntk"],
  shows: (results) => kernelRuns(results).length > 0,
  wide: true,
  controls,
  draw,
  data(results, { run, record }) {
    const { first, now } = chosen(results, run, record);
    const size = kernelSize(results);
    const entries = [...now.kernel.keys()];
    return {
      rows: entries.length,
      columns: {
        i: Int32Array.from(entries, (k) => Math.floor(k / size)),
        j: Int32Array.from(entries, (k) => k % size),
        "K(0)": Float64Array.from(first.kernel),
        "K(t)": Float64Array.from(now.kernel),
        "K(t) - K(0)": Float64Array.from(entries, (k) => now.kernel[k] - first.kernel[k]),
      },
    };
  },
  animate,
});

function controls(results: Results): KernelControls {
  const runs = kernelRuns(results);
  const records = kernelRecords(results);
  return {
    run: {
      kind: "slider",
      label: "Run",
      positions: runs.length,
      initial: 0,
      show: (position) => runLabel(results, runs[position]),
    },
    record: {
      kind: "slider",
      label: "Record",
      positions: records,
      initial: records - 1,
      show: (position) => `${formatCount(position + 1)} of ${formatCount(records)}`,
      plays: true,
    },
    fixed: { kind: "switch", label: "Same colours for every record", initial: true },
  };
}

interface Chosen {
  first: KernelFrame;
  now: KernelFrame;
  frames: KernelFrame[];
}

/** The kernels to compare; a run that stopped early stays at its last record. */
function chosen(results: Results, run: number, record: number): Chosen {
  const runs = kernelRuns(results);
  const frames = kernelFrames(results, runs[Math.min(run, runs.length - 1)]);
  return { frames, first: frames[0], now: frames[Math.min(record, frames.length - 1)] };
}

interface Extremes {
  low: number;
  high: number;
  /** Largest size of a change. */
  change: number;
}

function extremesOf(first: Float32Array, kernels: Float32Array[]): Extremes {
  const extremes = { low: Infinity, high: -Infinity, change: 0 };
  for (const kernel of [first, ...kernels]) {
    for (let k = 0; k < kernel.length; k++) {
      const value = kernel[k];
      if (!Number.isFinite(value)) continue;
      if (value < extremes.low) extremes.low = value;
      if (value > extremes.high) extremes.high = value;
      const change = Math.abs(value - first[k]);
      if (change > extremes.change) extremes.change = change;
    }
  }
  return extremes.low <= extremes.high ? extremes : { low: 0, high: 1, change: 0 };
}

/** Extremes over all records of a run are the same for every one of them: an animation asks a hundred times. */
const known = new WeakMap<DenseArray, Map<string, Extremes>>();

function extremesOfRun(results: Results, run: number, { first, frames }: Chosen): Extremes {
  const ofArray = known.get(results.arrays.ntk!) ?? new Map<string, Extremes>();
  known.set(results.arrays.ntk!, ofArray);
  const key = `${run} ${frames.length}`;
  const extremes =
    ofArray.get(key) ??
    extremesOf(
      first.kernel,
      frames.map(({ kernel }) => kernel),
    );
  ofArray.set(key, extremes);
  return extremes;
}

interface Panel {
  title: string;
  kernel: (entry: number) => number;
  /** Place of a value on the panel's colours, 0 to 1. */
  place: (value: number) => number;
  colour: (place: number) => string;
  labels: { at: number; label: string }[];
}

function panelsOf({ first, now }: Chosen, { low, high, change }: Extremes, theme: Theme): Panel[] {
  const levels = {
    place: (value: number) => (high > low ? (value - low) / (high - low) : 0.5),
    colour: theme.sequential,
    labels: [
      { at: 0, label: formatNumber(low, 3) },
      { at: 1, label: formatNumber(high, 3) },
    ],
  };
  return [
    { title: "K(0)", kernel: (entry) => first.kernel[entry], ...levels },
    { title: "K(t)", kernel: (entry) => now.kernel[entry], ...levels },
    {
      title: "K(t) − K(0)",
      kernel: (entry) => now.kernel[entry] - first.kernel[entry],
      place: (value) => (change > 0 ? (value / change + 1) / 2 : 0.5),
      colour: (place) => theme.diverging(2 * place - 1),
      labels: [
        ...(change > 0 ? [{ at: 0, label: formatNumber(-change, 3) }] : []),
        { at: 0.5, label: "0" },
        ...(change > 0 ? [{ at: 1, label: formatNumber(change, 3) }] : []),
      ],
    },
  ];
}

interface Layout {
  side: number;
  height: number;
  corner: (panel: number) => { x: number; y: number };
}

/** Room above for the run and the time, in a line of their own each where it is narrow. */
const headlineFits = (width: number): boolean => width >= 560;
const headlineHeight = 17;
/** Room on the left for an axis title. */
const left = 20;

function layoutPanels(width: number): Layout {
  const columns = width >= threeColumnsFrom ? 3 : 2;
  const side = Math.min(largestPanel, Math.floor((width - left - gap * (columns - 1)) / columns));
  const panelHeight = heading + side + 26 + colourBarHeight + 16;
  const top = 13 + headlineHeight * (headlineFits(width) ? 1 : 2);
  return {
    side,
    height: top + Math.ceil(3 / columns) * panelHeight,
    corner: (panel) => ({
      x: left + (panel % columns) * (side + gap),
      y: top + Math.floor(panel / columns) * panelHeight + heading,
    }),
  };
}

function draw(
  results: Results,
  frame: Frame,
  { run, record, fixed }: Settings<KernelControls>,
): SVGSVGElement {
  const { document, width, theme } = frame;
  const choice = chosen(results, run, record);
  const extremes = fixed
    ? extremesOfRun(results, run, choice)
    : extremesOf(choice.first.kernel, [choice.now.kernel]);
  const size = kernelSize(results);
  const layout = layoutPanels(width);
  const notes = wrapNotes(notesOf(choice, size), width);
  const height = layout.height + notesHeight(notes.length);
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const root = select(drawing)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("font-family", fontFamily)
    .attr("font-size", fontSize)
    .attr("fill", theme.text)
    .attr("role", "img")
    .attr("aria-label", `Tangent kernels of ${runName(results, run)}`);
  // Browsers know `pixelated`, rasterizers the attribute; a rule that only browsers read keeps both sharp.
  root
    .append("style")
    .text("@supports (image-rendering: pixelated) { image { image-rendering: pixelated } }");
  const headline = [runName(results, run), timeOf(results, choice.now)];
  (headlineFits(width) ? [headline.join(" · ")] : headline).forEach((line, place) =>
    root
      .append("text")
      .attr("y", 14 + place * headlineHeight)
      .text(line),
  );

  panelsOf(choice, extremes, theme).forEach((panel, index) => {
    const { x, y } = layout.corner(index);
    const group = root.append("g").attr("transform", `translate(${x},${y})`);
    group.append("text").attr("y", -9).attr("font-weight", 600).text(panel.title);
    drawMatrix(group, panel, size, layout.side, theme);
    drawAxisTitles(group, layout.side, x === left, theme);
    const bar = group.append("g").attr("transform", `translate(0,${layout.side + 26})`);
    drawColourBar(bar, { width: layout.side, colour: panel.colour, labels: panel.labels }, theme);
  });
  drawNotes(drawing, notes, layout.height + 4, theme.muted);
  return drawing;
}

const runName = (results: Results, run: number): string => runLabel(results, kernelRuns(results)[run]);

const timeOf = ({ history: { columns } }: Results, { row }: KernelFrame): string =>
  `epoch ${formatNumber(Number(columns.epoch[row]))}, t = ${formatNumber(Number(columns.time[row]))} (step size × updates)`;

function notesOf({ first, now }: Chosen, size: number): string[] {
  const missing = [first, now].reduce(
    (count, { kernel }) => count + kernel.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0),
    0,
  );
  const block = blockOf(size);
  return [
    ...(missing > 0 ? [`${plural(missing, "entry", "entries")} without a finite value are grey.`] : []),
    ...(block > 1 ? [`A cell is the mean of ${block} × ${block} pairs of samples.`] : []),
  ];
}

const blockOf = (size: number): number => Math.ceil(size / mostPixels);

function drawMatrix(group: Drawing, panel: Panel, size: number, side: number, theme: Theme): void {
  const pixels = tabulate(panel.colour);
  const missing = pixelOf(theme.missing);
  const block = blockOf(size);
  const cells = Math.ceil(size / block);
  const mean = (row: number, column: number): number => {
    let sum = 0;
    let count = 0;
    for (let i = row * block; i < Math.min(size, (row + 1) * block); i++)
      for (let j = column * block; j < Math.min(size, (column + 1) * block); j++, count++)
        sum += panel.kernel(i * size + j);
    return sum / count;
  };
  group
    .append("image")
    .attr("width", side)
    .attr("height", side)
    .attr("preserveAspectRatio", "none")
    .attr("image-rendering", "optimizeSpeed")
    .attr(
      "href",
      rasterize(cells, cells, (row, column) => {
        const value = mean(row, column);
        return Number.isFinite(value) ? pixels(panel.place(value)) : missing;
      }),
    );
}

function drawAxisTitles(group: Drawing, side: number, leftmost: boolean, theme: Theme): void {
  const title = (text: string) =>
    group
      .append("text")
      .attr("font-size", 11)
      .attr("text-anchor", "middle")
      .attr("fill", theme.muted)
      .text(text);
  title("sample j")
    .attr("x", side / 2)
    .attr("y", side + 15);
  if (leftmost) title("sample i").attr("transform", `translate(-8,${side / 2}) rotate(-90)`);
}

/** Names the cell under the pointer, on all three panels at once. */
function animate(drawing: SVGSVGElement, results: Results, { settings, theme }: Live<KernelControls>): void {
  const { first, now } = chosen(results, settings.run, settings.record);
  const size = kernelSize(results);
  const width = Number(drawing.getAttribute("width"));
  const layout = layoutPanels(width);
  const cell = layout.side / size;
  const root = select(drawing);
  const overlay = root.append("g").attr("pointer-events", "none").attr("display", "none");
  const outlines = [0, 1, 2].map(() =>
    overlay.append("rect").attr("fill", "none").attr("stroke", theme.text).attr("stroke-width", 1.5),
  );
  const tip = overlay.append("g");
  const box = tip.append("rect").attr("rx", 3).attr("fill", theme.surface).attr("stroke", theme.grid);
  const lines = [0, 1, 2].map((k) =>
    tip
      .append("text")
      .attr("x", 8)
      .attr("y", 18 + 16 * k),
  );

  root.on("pointermove", (event: PointerEvent) => {
    const [x, y] = pointer(event, drawing);
    const panel = [0, 1, 2].find((index) => {
      const corner = layout.corner(index);
      return x >= corner.x && x < corner.x + layout.side && y >= corner.y && y < corner.y + layout.side;
    });
    overlay.attr("display", panel === undefined ? "none" : null);
    if (panel === undefined) return;
    const corner = layout.corner(panel);
    const column = Math.floor((x - corner.x) / cell);
    const row = Math.floor((y - corner.y) / cell);
    outlines.forEach((outline, index) =>
      outline
        .attr("x", layout.corner(index).x + column * cell)
        .attr("y", layout.corner(index).y + row * cell)
        .attr("width", cell)
        .attr("height", cell),
    );
    const entry = row * size + column;
    const texts = [
      `samples ${row}, ${column}`,
      `K(0) = ${formatNumber(first.kernel[entry])}`,
      `K(t) = ${formatNumber(now.kernel[entry])}, change ${formatNumber(now.kernel[entry] - first.kernel[entry])}`,
    ];
    lines.forEach((line, k) => line.text(texts[k]));
    const boxWidth = 16 + Math.max(...lines.map((line) => line.node()!.getComputedTextLength()));
    box.attr("width", boxWidth).attr("height", 60);
    const place = x + 14 + boxWidth < width ? x + 14 : Math.max(0, x - 14 - boxWidth);
    tip.attr("transform", `translate(${place},${Math.max(0, y - 70)})`);
  });
  root.on("pointerleave", () => overlay.attr("display", "none"));
}
