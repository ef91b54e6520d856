/**
 * The smallest diagonal network as a surface (thesis Figures 1 and 2): f(w) = w1² − w2² and its linearization fbar at
 * w(0) = (α, α), on the square |p|, |m| <= 2 with p = w1 − α, m = w2 − α.
 *
 *   f = 2α (p − m) + p² − m²      fbar = 2α (p − m)      f − fbar = p² − m² at every α
 *
 * What α changes is the range of fbar, ±8α on the square: only relative to it is the gap small.
 */

import { drawingRoot } from "./drawing-root.ts";
import { drag, range, select } from "d3";
import { drawNotes, notesHeight, wrapNotes } from "./chart.ts";
import { colourBarHeight, drawColourBar } from "./colour-bar.ts";
import { defineFigure, type Frame, type Live, type Settings, type Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { type Drawing, layoutLegend } from "./legend.ts";
import { rasterize, tabulate } from "./raster.ts";
import { areDiagonal, documentValue, sweptPaths } from "./runs.ts";
import type { Theme } from "./theme.ts";

interface SurfaceControls extends Record<string, Slider> {
  alpha: Slider;
  turn: Slider;
  tilt: Slider;
}

/** Half the side of the square. */
const reach = 2;
/** Largest |p² − m²| on the square. */
const largestGap = reach ** 2;

/** α = 0.01 ... 100, twenty to a decade. */
const alphaOf = (position: number): number => 10 ** (-2 + position / 20);
const alphaPositions = 81;

const model = (alpha: number, p: number, m: number): number => 2 * alpha * (p - m) + p * p - m * m;
const linearized = (alpha: number, p: number, m: number): number => 2 * alpha * (p - m);
const rangeOfLinearized = (alpha: number): number => 4 * alpha * reach;
const relativeGap = (alpha: number, p: number, m: number): number =>
  (p * p - m * m) / rangeOfLinearized(alpha);

export const surface = defineFigure<SurfaceControls>({
  id: "surface",
  title: "The smallest diagonal network and its linearization",
  caption:
    "f(w) = w₁² − w₂² on the square |w₁ − α|, |w₂ − α| ≤ 2, and f̄, its linearization at w(0) = (α, α). Drag to turn. Their gap is the same at every α; what shrinks is the gap relative to f̄'s range.",
  needs: [],
  shows: (results) =>
    areDiagonal(results) &&
    documentValue(results, "model", "depth") === 2 &&
    sweptPaths(results).includes("init.alpha"),
  wide: true,
  controls: () => ({
    alpha: {
      kind: "slider",
      label: "α",
      positions: alphaPositions,
      initial: (alphaPositions - 1) / 2,
      show: (position) => formatNumber(alphaOf(position), 3),
      plays: true,
    },
    turn: { kind: "slider", label: "Turn", positions: 360, initial: 30, show: (position) => `${position}°` },
    tilt: { kind: "slider", label: "Tilt", positions: 91, initial: 22, show: (position) => `${position}°` },
  }),
  draw: (_results, frame, settings) => draw(frame, settings),
  data(_results, { alpha: position }) {
    const alpha = alphaOf(position);
    const places = range(-reach, reach + 1e-9, 0.1);
    const points = places.flatMap((p) => places.map((m) => ({ p, m })));
    const column = (value: (p: number, m: number) => number) =>
      Float64Array.from(points, ({ p, m }) => value(p, m));
    return {
      rows: points.length,
      columns: {
        w1: column((p) => alpha + p),
        w2: column((_, m) => alpha + m),
        f: column((p, m) => model(alpha, p, m)),
        "f linearized": column((p, m) => linearized(alpha, p, m)),
        "relative gap": column((p, m) => relativeGap(alpha, p, m)),
      },
    };
  },
  animate,
});

const radians = Math.PI / 180;

interface Layout {
  /** The surface's centre and scale. */
  centre: { x: number; y: number };
  scale: number;
  surface: { width: number; height: number };
  /** The heat map's corner and side. */
  gap: { x: number; y: number; side: number };
  height: number;
}

/** Half the height of the box around the surfaces, whose base is [-1, 1]². */
const boxHeight = 0.85;

/** Narrower pages get the heat map beneath the surface. */
const sideBySideFrom = 620;

function layoutSurface(width: number, top: number, tilt: number): Layout {
  const besides = width >= sideBySideFrom;
  const surfaceWidth = besides ? Math.min(640, width * 0.62) : width;
  const surfaceHeight = Math.min(440, surfaceWidth * 0.76);
  const side = Math.min(320, besides ? width * 0.32 : width - 40);
  const gapTop = besides ? top + Math.max(24, (surfaceHeight - side - 60) / 2) : top + surfaceHeight + 30;
  return {
    centre: { x: surfaceWidth / 2, y: top + surfaceHeight / 2 },
    // So far from its middle lie the box's corners, sideways and up, whichever way it is turned.
    scale: Math.min(
      (surfaceWidth / 2 - 30) / Math.SQRT2,
      (surfaceHeight / 2 - 24) /
        (Math.SQRT2 * Math.sin(tilt * radians) + boxHeight * Math.cos(tilt * radians)),
    ),
    surface: { width: surfaceWidth, height: surfaceHeight },
    gap: { x: besides ? Math.min(width - side, surfaceWidth + 48) : 30, y: gapTop, side },
    height: Math.max(top + surfaceHeight, gapTop + side + 30 + colourBarHeight + 10),
  };
}

function draw({ document, width, theme }: Frame, settings: Settings<SurfaceControls>): SVGSVGElement {
  const alpha = alphaOf(settings.alpha);
  const legend = layoutLegend(
    [
      {
        entries: [
          { label: "f", colour: theme.sequential(0.55), mark: "area" },
          { label: "f̄, linearized at w(0)", colour: theme.text, mark: "band" },
          { label: "w(0) = (α, α)", colour: theme.warning, mark: "dot" },
        ],
      },
    ],
    width,
  );
  const layout = layoutSurface(width, legend.height + 8, settings.tilt);
  const notes = wrapNotes(
    [
      `α = ${formatNumber(alpha, 3)}: on the square the gap reaches ±${largestGap}, as it does at every α; the linearization spans ±${formatNumber(rangeOfLinearized(alpha), 3)}, so relative to that it reaches ${formatNumber((100 * largestGap) / rangeOfLinearized(alpha), 3)}%.`,
    ],
    width,
  );
  const height = layout.height + 12 + notesHeight(notes.length);
  const { drawing, root } = drawingRoot(
    document,
    width,
    height,
    theme,
    `f and its linearization over w1 and w2 at alpha = ${formatNumber(alpha, 3)}`,
  );
  legend.draw(root.append("g").attr("aria-label", "legend"), theme);
  drawSurface(root.append("g").attr("aria-label", "surface"), layout, alpha, settings, theme);
  drawGap(
    root.append("g").attr("transform", `translate(${layout.gap.x},${layout.gap.y})`),
    layout.gap.side,
    alpha,
    theme,
  );
  drawNotes(drawing, notes, layout.height + 16, theme.muted);
  return drawing;
}

/** A point of [-1, 1]³ as seen from a direction; `depth` grows away from the eye. */
type Project = (x: number, y: number, z: number) => { x: number; y: number; depth: number };

function projection({ centre, scale }: Layout, { turn, tilt }: Settings<SurfaceControls>): Project {
  const [cosTurn, sinTurn] = [Math.cos(turn * radians), Math.sin(turn * radians)];
  const [cosTilt, sinTilt] = [Math.cos(tilt * radians), Math.sin(tilt * radians)];
  return (x, y, z) => {
    const right = x * cosTurn - y * sinTurn;
    const away = x * sinTurn + y * cosTurn;
    return {
      x: centre.x + scale * right,
      y: centre.y - scale * (boxHeight * z * cosTilt + away * sinTilt),
      depth: away * cosTilt - boxHeight * z * sinTilt,
    };
  };
}

/** Cells along a side of the mesh: the two surfaces share it, so that sorting by depth hides the right ones. */
const cells = 20;

interface Patch {
  points: string;
  depth: number;
  fill: string;
  opacity: number;
  stroke: string;
}

/** How a patch at a height in [-1, 1] looks. */
type Style = (z: number) => Pick<Patch, "fill" | "opacity" | "stroke">;

function drawSurface(
  group: Drawing,
  layout: Layout,
  alpha: number,
  settings: Settings<SurfaceControls>,
  theme: Theme,
): void {
  const project = projection(layout, settings);
  // Corners and, for small α, the edges' saddle ends bound both surfaces.
  const highest = Math.max(rangeOfLinearized(alpha), 4 * alpha + largestGap + Math.min(alpha, reach) ** 2);
  const place = (k: number) => (2 * k) / cells - 1;
  const at = (surfaceOf: typeof model, x: number, y: number) =>
    surfaceOf(alpha, x * reach, y * reach) / highest;
  const patches: Patch[] = [];
  const addPatch = (surfaceOf: typeof model, corners: [number, number][], style: Style) => {
    const points = corners.map(([x, y]) => project(x, y, at(surfaceOf, x, y)));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    patches.push({
      points: points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "),
      depth: mean(points.map(({ depth }) => depth)),
      ...style(mean(corners.map(([x, y]) => at(surfaceOf, x, y)))),
    });
  };
  const styles: [typeof model, Style][] = [
    [model, (z) => ({ fill: theme.sequential((z + 1) / 2), opacity: 0.92, stroke: theme.background })],
    [linearized, () => ({ fill: theme.text, opacity: 0.16, stroke: theme.text })],
  ];
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      const ring: [number, number][] = [
        [place(i), place(j)],
        [place(i + 1), place(j)],
        [place(i + 1), place(j + 1)],
        [place(i), place(j + 1)],
      ];
      const middle: [number, number] = [place(i + 0.5), place(j + 0.5)];
      // The surfaces meet where p = ±m, along the diagonals of these cells: each half is in front on one side only.
      const crossed = i === j || i + j === cells - 1;
      for (const [surfaceOf, style] of styles) {
        if (!crossed) addPatch(surfaceOf, ring, style);
        else ring.forEach((corner, k) => addPatch(surfaceOf, [corner, ring[(k + 1) % 4], middle], style));
      }
    }
  }
  drawBox(group, project, alpha, highest, theme);
  group
    .append("g")
    .attr("stroke-width", 0.5)
    .attr("stroke-opacity", 0.35)
    .attr("stroke-linejoin", "round")
    .selectAll("polygon")
    .data(patches.sort((a, b) => b.depth - a.depth))
    .enter() // Joined, each would be looked for among all others.
    .append("polygon")
    .attr("points", ({ points }) => points)
    .attr("fill", ({ fill }) => fill)
    .attr("fill-opacity", ({ opacity }) => opacity)
    .attr("stroke", ({ stroke }) => stroke);
  const start = project(0, 0, 0);
  group
    .append("circle")
    .attr("cx", start.x)
    .attr("cy", start.y)
    .attr("r", 4.5)
    .attr("fill", theme.warning)
    .attr("stroke", theme.background)
    .attr("stroke-width", 1.5);
}

/** The floor, with the ranges of w1 and w2 along the sides nearest to the eye, and the height of the box. */
function drawBox(group: Drawing, project: Project, alpha: number, highest: number, theme: Theme): void {
  const corners: [number, number][] = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  const floor = corners.map(([x, y]) => ({ x, y, ...rename(project(x, y, -1)) }));
  group
    .append("polygon")
    .attr("points", floor.map(({ sx, sy }) => `${sx.toFixed(1)},${sy.toFixed(1)}`).join(" "))
    .attr("fill", "none")
    .attr("stroke", theme.muted)
    .attr("stroke-opacity", 0.6);
  const nearest = floor.reduce((near, corner) => (corner.depth < near.depth ? corner : near));
  const label = (x: number, y: number, text: string, anchor: string) =>
    group
      .append("text")
      .attr("x", x)
      .attr("y", y)
      .attr("text-anchor", anchor)
      .attr("font-size", 11)
      .attr("fill", theme.muted)
      .text(text);
  for (const [name, along] of [
    ["w₁", "x"],
    ["w₂", "y"],
  ] as const) {
    const middle = along === "x" ? rename(project(0, nearest.y, -1)) : rename(project(nearest.x, 0, -1));
    const centre = rename(project(0, 0, -1));
    const right = middle.sx >= centre.sx;
    label(
      middle.sx + (right ? 10 : -10),
      middle.sy + 16,
      `${name} = ${formatNumber(alpha - reach, 3)} … ${formatNumber(alpha + reach, 3)}`,
      right ? "start" : "end",
    );
  }
  const leftmost = floor.reduce((left, corner) => (corner.sx < left.sx ? corner : left));
  const [bottom, ceiling] = [-1, 1].map((z) => rename(project(leftmost.x, leftmost.y, z)));
  group
    .append("path")
    .attr("d", `M${bottom.sx},${bottom.sy}L${ceiling.sx},${ceiling.sy}`)
    .attr("stroke", theme.muted)
    .attr("stroke-opacity", 0.6);
  label(ceiling.sx, ceiling.sy - 8, `f = ${formatNumber(highest, 3)}`, "middle");
  label(bottom.sx - 6, bottom.sy + 4, `−${formatNumber(highest, 3)}`, "end");
}

const rename = ({ x, y, depth }: ReturnType<Project>) => ({ sx: x, sy: y, depth });

const gapPixels = 64;

function drawGap(group: Drawing, side: number, alpha: number, theme: Theme): void {
  const colour = (place: number) => theme.diverging(2 * place - 1);
  const pixels = tabulate(colour);
  const place = (k: number) => -reach + (2 * reach * (k + 0.5)) / gapPixels;
  group.append("text").attr("y", -9).attr("font-weight", 600).text("(f − f̄) / 8α");
  group
    .append("image")
    .attr("width", side)
    .attr("height", side)
    .attr("preserveAspectRatio", "none")
    .attr(
      "href",
      rasterize(gapPixels, gapPixels, (row, column) =>
        pixels((relativeGap(alpha, place(column), -place(row)) + 1) / 2),
      ),
    );
  const title = (text: string) =>
    group
      .append("text")
      .attr("font-size", 11)
      .attr("text-anchor", "middle")
      .attr("fill", theme.muted)
      .text(text);
  const span = `${formatNumber(alpha - reach, 3)} … ${formatNumber(alpha + reach, 3)}`;
  title(`w₁ = ${span}`)
    .attr("x", side / 2)
    .attr("y", side + 15);
  title(`w₂ = ${span}`).attr("transform", `translate(-8,${side / 2}) rotate(-90)`);
  group
    .append("circle")
    .attr("cx", side / 2)
    .attr("cy", side / 2)
    .attr("r", 4)
    .attr("fill", theme.warning)
    .attr("stroke", theme.background)
    .attr("stroke-width", 1.5);
  drawColourBar(
    group.append("g").attr("transform", `translate(0,${side + 26})`),
    {
      width: side,
      colour,
      labels: [
        { at: 0, label: "≤ −1" },
        { at: 0.5, label: "0" },
        { at: 1, label: "≥ 1" },
      ],
    },
    theme,
  );
}

/** Degrees that a pixel of dragging turns. */
const degreesPerPixel = 0.5;

function animate(
  drawing: SVGSVGElement,
  _results: unknown,
  { settings, change }: Live<SurfaceControls>,
): void {
  const layout = layoutSurface(Number(drawing.getAttribute("width")), 0, settings.tilt);
  const handle = select(drawing)
    .append("rect")
    .attr("y", layout.centre.y - layout.surface.height / 2)
    .attr("width", layout.surface.width)
    .attr("height", layout.surface.height + 30)
    .attr("fill", "transparent")
    .attr("cursor", "grab");
  const moved = { x: 0, y: 0 };
  handle.call(
    drag<SVGRectElement, unknown>()
      // What is dragged is drawn anew meanwhile: the page is what stays.
      .container(() => drawing.ownerDocument.documentElement)
      .on("drag", (event: { dx: number; dy: number }) => {
        moved.x += event.dx;
        moved.y += event.dy;
        const turn = Math.round(settings.turn - moved.x * degreesPerPixel);
        change({
          turn: ((turn % 360) + 360) % 360,
          tilt: Math.max(0, Math.min(90, Math.round(settings.tilt + moved.y * degreesPerPixel))),
        });
      }),
  );
  // Dragging sideways turns the surface; a finger's vertical stroke still scrolls the page.
  handle.style("touch-action", "pan-y");
}
