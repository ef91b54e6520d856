/** Tangent kernels as heat maps, K(0), K(t) and their difference (thesis Figures 3 to 5, and their animations). */

import { epochSlider, frameAt } from "./epoch-slider.ts";
import { drawingRoot } from "./drawing-root.ts";
import { pointer, select } from "d3";
import type { Results } from "../../src/results/types.ts";
import { drawNotes, notesHeight, wrapNotes } from "./chart.ts";
import { colourBarHeight, drawColourBar } from "./colour-bar.ts";
import { defineFigure, type Frame, type Live, type Settings, type Slider, type Switch } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { type KernelFrame, kernelFrames, kernelRuns, kernelSize } from "../../src/results/kernel-frames.ts";
import { drawMatrix, matrixNotes } from "./kernel-matrix.ts";
import { sharpCells } from "./picture.ts";
import {
  formatChange,
  kernelEpochs,
  type KernelScale,
  kernelScale,
  kernelUnit,
  largestEntry,
  largestOfAll,
  linearBelow,
  relativeChange,
} from "./kernel-scale.ts";
import type { Drawing } from "./legend.ts";
import { numberAt, runLabel } from "./runs.ts";
import type { Theme } from "./theme.ts";

interface KernelControls extends Record<string, Slider | Switch> {
  run: Slider;
  epoch: Slider;
  fixed: Switch;
}

/** Panels are at most this large, so that they stand side by side. */
const largestPanel = 360;
const gap = 28;
const heading = 24;
/** Narrower pages get two panels a row. */
const threeColumnsFrom = 560;

export const tangentKernel = defineFigure<KernelControls>({
  id: "tangent-kernel",
  title: "The tangent kernel while it trains",
  caption:
    "K(x, x′) = ⟨∇f(x), ∇f(x′)⟩ on the training inputs, a cell a pair of samples: at the start, at the chosen epoch, and the change. Entries are relative to K(0)'s root mean square, on one scale of colours for all runs, so that a change that looks large is large.",
  needs: [],
  arrays: ["ntk"],
  shows: (results) => kernelRuns(results).length > 0,
  wide: true,
  controls,
  draw,
  data(results, { run, epoch }) {
    const { first, now } = chosen(results, run, epoch);
    const unit = kernelUnit(first);
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
        "relative change": Float64Array.from(entries, (k) => (now.kernel[k] - first.kernel[k]) / unit),
      },
    };
  },
  linked: {
    control: "run",
    follow(results, _settings, picked) {
      const at = kernelRuns(results).findIndex((row) => picked.has(numberAt(results.runs.columns.run, row)));
      return at < 0 ? undefined : at;
    },
    runs: (results, { run }) => [numberAt(results.runs.columns.run, kernelRuns(results)[run])],
  },
  animate,
});

function controls(results: Results): KernelControls {
  const runs = kernelRuns(results);
  return {
    run: {
      kind: "slider",
      label: "Run",
      positions: runs.length,
      initial: 0,
      show: (position) => runLabel(results, runs[position]),
    },
    epoch: epochSlider(kernelEpochs(results)),
    fixed: { kind: "switch", label: "Same colours for every run and epoch", initial: true },
  };
}

interface Chosen {
  first: KernelFrame;
  now: KernelFrame;
}

/** The kernels to compare; a run that stopped early stays at its last record. */
function chosen(results: Results, run: number, epoch: number): Chosen {
  const runs = kernelRuns(results);
  const frames = kernelFrames(results, runs[Math.min(run, runs.length - 1)]);
  const epochs = kernelEpochs(results);
  return {
    first: frames[0],
    now: frameAt(results, frames, epochs[Math.min(epoch, epochs.length - 1)]),
  };
}

interface Panel {
  title: string;
  /** In units of K(0)'s root mean square. */
  entry: (k: number) => number;
  scale: KernelScale;
}

function panelsOf(results: Results, { first, now }: Chosen, fixed: boolean, theme: Theme): Panel[] {
  const unit = kernelUnit(first);
  const change = now.kernel.map((entry, k) => entry - first.kernel[k]);
  const most = (kernels: Float32Array[]) => (fixed ? largestOfAll(results) : largestEntry(kernels, unit));
  const kernels = kernelScale(most([first.kernel, now.kernel]), theme);
  return [
    { title: "K(0)", entry: (k) => first.kernel[k] / unit, scale: kernels },
    { title: "K(t)", entry: (k) => now.kernel[k] / unit, scale: kernels },
    {
      title: `K(t) − K(0): ${formatChange(relativeChange(results, first, now))}`,
      entry: (k) => change[k] / unit,
      scale: kernelScale(most([change]), theme),
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
  { run, epoch, fixed }: Settings<KernelControls>,
): SVGSVGElement {
  const { document, width, theme } = frame;
  const choice = chosen(results, run, epoch);
  const size = kernelSize(results);
  const layout = layoutPanels(width);
  const notes = wrapNotes(
    [
      `The number is ‖K(t) − K(0)‖ / ‖K(0)‖, the root mean square of the panel's entries. Colours are linear below ${linearBelow}, then logarithmic.`,
      ...matrixNotes([choice.first.kernel, choice.now.kernel], size),
    ],
    width,
  );
  const height = layout.height + notesHeight(notes.length);
  const { drawing, root } = drawingRoot(
    document,
    width,
    height,
    theme,
    `Tangent kernels of ${runName(results, run)}`,
  );
  root.append("style").text(sharpCells);
  const headline = [runName(results, run), timeOf(results, choice.now)];
  (headlineFits(width) ? [headline.join(" · ")] : headline).forEach((line, place) =>
    root
      .append("text")
      .attr("y", 14 + place * headlineHeight)
      .text(line),
  );

  panelsOf(results, choice, fixed, theme).forEach((panel, index) => {
    const { x, y } = layout.corner(index);
    const group = root.append("g").attr("transform", `translate(${x},${y})`);
    group.append("text").attr("y", -9).attr("font-weight", 600).text(panel.title);
    drawMatrix(group, panel.entry, panel.scale, { size, side: layout.side, theme });
    drawAxisTitles(group, layout.side, x === left, theme);
    const bar = group.append("g").attr("transform", `translate(0,${layout.side + 26})`);
    drawColourBar(bar, { width: layout.side, ...panel.scale }, theme);
  });
  drawNotes(drawing, notes, layout.height + 4, theme.muted);
  return drawing;
}

const runName = (results: Results, run: number): string => runLabel(results, kernelRuns(results)[run]);

const timeOf = ({ history: { columns } }: Results, { row }: KernelFrame): string =>
  `epoch ${formatNumber(Number(columns.epoch[row]))}, t = ${formatNumber(Number(columns.time[row]))} (step size × updates)`;

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
  const { first, now } = chosen(results, settings.run, settings.epoch);
  const size = kernelSize(results);
  const unit = kernelUnit(first);
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
      `K(t) = ${formatNumber(now.kernel[entry])}, change ${formatChange((now.kernel[entry] - first.kernel[entry]) / unit)}`,
    ];
    lines.forEach((line, k) => line.text(texts[k]));
    const boxWidth = 16 + Math.max(...lines.map((line) => line.node()!.getComputedTextLength()));
    box.attr("width", boxWidth).attr("height", 60);
    const place = x + 14 + boxWidth < width ? x + 14 : Math.max(0, x - 14 - boxWidth);
    tip.attr("transform", `translate(${place},${Math.max(0, y - 70)})`);
  });
  root.on("pointerleave", () => overlay.attr("display", "none"));
}
