/** A quantity over training as a small drawing that is made anew many times a second: live curves over their ghosts. */

import { create, line, max, min, scaleLog, type Selection } from "d3";
import { formatNumber, formatPower } from "../figures/format.ts";
import type { LineColours } from "../figures/line-colours.ts";
import type { Theme } from "../figures/theme.ts";
import { type Curve, recordsUntil, type Span } from "./curves.ts";
import { epochScale, epochTicks } from "./scales.ts";

export interface LineFrame {
  quantity: string;
  /** Read aloud in place of the drawing. */
  label: string;
  width: number;
  height: number;
  theme: Theme;
  /** Of what curves differ in, as all figures have them. */
  colours: LineColours;
  /** What is drawn up to. */
  epoch: number;
  /** The axis of epochs. */
  span: Span;
  domain: [number, number];
  /** Whether a reader has picked a run; undefined where none that is drawn is picked. */
  picked?: ((run: number) => boolean) | undefined;
}

const margin = { top: 8, right: 50, bottom: 22, left: 38 };
const labelGap = 12;
/** Orders of magnitude under the lowest curve's largest value that are still drawn. */
const below = 30;
/** Of the highest value, what float32 still tells from rounding. */
const floor = 1e-9;

/** Whole decades that hold the curves; their rise from zero is cut. */
export function domainOf(
  curves: readonly Curve[],
  quantity: string,
  [first, last]: Span,
  kept?: [number, number],
): [number, number] {
  const tops = curves.flatMap(({ epochs, values, diverged }) => {
    const top = diverged
      ? undefined
      : max(values[quantity] ?? [], (value, record) =>
          value > 0 && epochs[record] >= first && epochs[record] <= last ? value : undefined,
        );
    return top === undefined || !Number.isFinite(top) ? [] : [top];
  });
  const highest = max([...tops, ...(kept ? [kept[1]] : [])]) ?? 1;
  const lowest = Math.max(
    highest * floor,
    min([...tops.map((top) => top / below), ...(kept ? [kept[0]] : [])]) ?? 0.1,
  );
  const decade = (value: number, round: (power: number) => number) => 10 ** round(Math.log10(value));
  const [low, high] = [decade(lowest * 1.0001, Math.floor), decade(highest * 0.9999, Math.ceil)];
  return [low, Math.max(high, low * 10)];
}

export function drawLines(
  curves: readonly Curve[],
  ghosts: readonly Curve[],
  frame: LineFrame,
): SVGSVGElement {
  const { quantity, label, width, height, colours, span, domain } = frame;
  const epoch = Math.min(frame.epoch, span[1]);
  const x = epochScale(span, [margin.left, width - margin.right]);
  const y = scaleLog(domain, [height - margin.bottom, margin.top]);
  const svg = create("svg")
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("role", "img")
    .attr("aria-label", label)
    .attr("font-size", 11);
  drawAxes(svg, frame, x, y);

  const clip = `clip-${quantity}`;
  svg
    .append("clipPath")
    .attr("id", clip)
    .append("rect")
    .attr("x", margin.left)
    .attr("width", width - margin.left)
    .attr("y", margin.top)
    .attr("height", height - margin.bottom - margin.top);
  const path = (curve: Curve, records: number): string | null => {
    const values = curve.values[quantity];
    return line<number>()
      .defined(
        (record) => values[record] > 0 && Number.isFinite(values[record]) && curve.epochs[record] >= span[0],
      )
      .x((record) => x(curve.epochs[record]))
      .y((record) => y(values[record]))(Array.from({ length: records }, (_, record) => record));
  };
  const lines = svg.append("g").attr("clip-path", `url(#${clip})`).attr("fill", "none");
  lines
    .append("g")
    .attr("class", "ghosts")
    .attr("stroke-opacity", 0.45)
    .selectAll("path")
    .data(ghosts.filter(({ values }) => values[quantity]))
    .join("path")
    .attr("stroke", ({ value }) => colours.ofValue(value))
    .attr("d", (curve) => path(curve, recordsUntil(curve, epoch)));
  const shown = curves.map((curve) => ({ curve, runs: [curve.run], records: recordsUntil(curve, epoch) }));
  const { picked = () => true } = frame;
  lines
    .append("g")
    .attr("class", "curves")
    .attr("stroke-width", 2)
    .attr("stroke-linejoin", "round")
    .selectAll("path")
    .data(shown)
    .join("path")
    .attr("stroke", ({ curve }) => colours.of(curve.row))
    .attr("stroke-opacity", ({ curve }) => (picked(curve.run) ? 1 : 0.25))
    .attr("stroke-width", ({ curve }) => (frame.picked && picked(curve.run) ? 3.5 : null))
    .attr("stroke-dasharray", ({ curve }) => (curve.diverged ? "2,3" : null))
    .attr("d", ({ curve, records }) => path(curve, records));
  // A line of two pixels is hard to meet.
  lines
    .append("g")
    .attr("class", "targets")
    .attr("stroke", "transparent")
    .attr("stroke-width", 14)
    .selectAll("path")
    .data(shown)
    .join("path")
    .attr("d", ({ curve, records }) => path(curve, records));
  drawHeads(svg, shown, frame, x, y);
  // Where it can be brushed, as drawings of Plot say it.
  const along = { apply: x, invert: (pixel: number) => x.invert(pixel), range: x.range() };
  return Object.assign(svg.node()!, { scale: (name: string) => (name === "x" ? along : undefined) });
}

const isPower = (value: number): boolean => Math.abs(Math.log10(value) % 1) < 1e-9;

type Scale = (value: number) => number;
type Svg = Selection<SVGSVGElement, undefined, null, undefined>;

function drawAxes(svg: Svg, { width, height, theme, span, domain }: LineFrame, x: Scale, y: Scale): void {
  const axes = svg.append("g").attr("fill", theme.muted);
  const [low, high] = domain.map((value) => Math.round(Math.log10(value)));
  const step = Math.max(1, Math.ceil((high - low) / Math.max(2, Math.floor(height / 34))));
  for (let power = high; power >= low; power -= step) {
    const at = y(10 ** power);
    axes
      .append("path")
      .attr("stroke", theme.grid)
      .attr("d", `M${margin.left},${at}H${width - margin.right}`);
    axes
      .append("text")
      .attr("x", margin.left - 6)
      .attr("y", at)
      .attr("dy", "0.32em")
      .attr("text-anchor", "end")
      .text(formatPower(power));
  }
  for (const tick of epochTicks(span, width - margin.left - margin.right))
    axes
      .append("text")
      .attr("x", x(tick))
      .attr("y", height - 7)
      .attr("text-anchor", "middle")
      .text(
        tick === 0 ? "0" : isPower(tick) ? formatPower(Math.round(Math.log10(tick))) : formatNumber(tick),
      );
  axes
    .append("text")
    .attr("x", width)
    .attr("y", height - 7)
    .attr("text-anchor", "end")
    .text("epoch");
}

/** Where each curve is now, and what it differs in beside it; names that would touch are pushed apart. */
function drawHeads(
  svg: Svg,
  shown: readonly { curve: Curve; records: number }[],
  { quantity, theme, colours, domain, span }: LineFrame,
  x: Scale,
  y: Scale,
): void {
  const heads = shown.flatMap(({ curve, records }) => {
    const value = curve.values[quantity][records - 1];
    if (!(value >= domain[0] && value <= domain[1]) || curve.epochs[records - 1] < span[0]) return [];
    const at = y(value);
    return [
      {
        x: x(curve.epochs[records - 1]),
        y: at,
        name: at,
        value: curve.value,
        row: curve.row,
        runs: [curve.run],
      },
    ];
  });
  heads.sort((a, b) => a.y - b.y);
  apart(heads.map(({ y }) => y)).forEach((name, k) => (heads[k].name = name));
  const marks = svg.append("g").selectAll("g").data(heads).join("g");
  marks
    .append("circle")
    .attr("cx", ({ x }) => x)
    .attr("cy", ({ y }) => y)
    .attr("r", 3)
    .attr("fill", ({ row }) => colours.of(row));
  marks
    .append("text")
    .attr("x", ({ x }) => x + 7)
    .attr("y", ({ name }) => name)
    .attr("dy", "0.32em")
    .attr("fill", theme.text)
    .text(({ value }) => (value === undefined ? "" : formatNumber(value, 2)));
}

/** Increasing places moved as little as they must be for names to have room: those in each other's way share their mean. */
function apart(places: number[]): number[] {
  const crowds: { centre: number; count: number }[] = [];
  for (const place of places) {
    let crowd = { centre: place, count: 1 };
    for (let above = crowds.at(-1); above; above = crowds.at(-1)) {
      if (crowd.centre - above.centre >= ((crowd.count + above.count) / 2) * labelGap) break;
      crowds.pop();
      const count = crowd.count + above.count;
      crowd = { centre: (crowd.centre * crowd.count + above.centre * above.count) / count, count };
    }
    crowds.push(crowd);
  }
  return crowds.flatMap(({ centre, count }) =>
    Array.from({ length: count }, (_, k) => centre + (k - (count - 1) / 2) * labelGap),
  );
}
