/** Sparse deconvolution by particles: their places and masses over time, and how far from the best they end (Chizat & Bach 2018). */

import * as Plot from "@observablehq/plot";
import { groups, median } from "d3";
import type { Table } from "../../src/document/table.ts";
import { particlesOf } from "../../src/results/particle-networks.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import {
  type DeconvolutionDraw,
  deconvolutionDraw,
  deconvolutionExcess,
  deconvolutionSteps,
  deconvolutionSuccess,
} from "../../src/theory/deconvolution-draws.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { type Choice, defineFigure, type Frame, type Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";

/** Seeds of the draws; the claims' own too. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const moving = [4, 5, 6, 7, 8, 10, 16] as const;
/** Where places stay; of fewer draws, for they differ little. */
const fixed = { counts: [8, 16, 32, 64], draws: 3 } as const;
/** Smaller differences of objectives are rounding, and the error of the least one. */
const floor = 1e-6;

const known = new Map<number, DeconvolutionDraw>();

function drawOf(seed: number): DeconvolutionDraw {
  const draw = known.get(seed) ?? deconvolutionDraw(seed);
  known.set(seed, draw);
  return draw;
}

/** The experiment is theory's alone, in float64: it stands beside its paper's networks of particles, whose inputs are Gaussian. */
const shows = (results: Results): boolean =>
  specifiedRuns(results).every(
    (run) => run.data.kind === "teacher" && run.data.inputs !== "sphere" && particlesOf(run) !== undefined,
  );

interface Excess {
  x: number;
  y: number;
  seed: number;
  moves: boolean;
}

let excesses: Excess[] | undefined;

function excessesOf(): Excess[] {
  const of = (counts: readonly number[], draws: readonly number[], moves: boolean) =>
    counts.flatMap((x) =>
      draws.map((seed) => ({ x, seed, moves, y: deconvolutionExcess(drawOf(seed), x, moves) })),
    );
  excesses ??= [...of(moving, seeds, true), ...of(fixed.counts, seeds.slice(0, fixed.draws), false)];
  return excesses;
}

function drawExcess(frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const points = excessesOf().map((point) => ({ ...point, y: Math.max(point.y, floor) }));
  const colour = ({ moves }: { moves: boolean }) => theme.categories[moves ? 0 : 1];
  const settings = groups(
    points,
    ({ moves }) => moves,
    ({ x }) => x,
  ).flatMap(([moves, own]) => own.map(([x, all]) => ({ x, moves, all, y: median(all, ({ y }) => y)! })));
  const counts = settings
    .filter(({ moves }) => moves)
    .map(({ x, all }) => ({
      x,
      y: 300,
      text: String(all.filter(({ y }) => y < deconvolutionSuccess).length),
    }));
  return drawChart(
    {
      label: "How far from the best objective m particles end",
      x: {
        title: "particles m",
        type: "log",
        domain: domainOf([moving[0], fixed.counts.at(-1)!], "log"),
        ticks: [4, 5, 6, 7, 8, 10, 16, 32, 64],
      },
      y: { title: "objective above the least one", type: "log", domain: [floor / 2, 1000] },
      legend: [
        {
          entries: [
            { label: "places and masses move", colour: theme.categories[0], mark: "dot" },
            { label: "masses alone", colour: theme.categories[1], mark: "dot" },
            { label: "success", colour: theme.muted, mark: "dashed" },
          ],
        },
      ],
      marks: [
        Plot.ruleY([deconvolutionSuccess], { stroke: theme.muted, strokeDasharray: "5,3" }),
        ...[true, false].map((moves) =>
          Plot.line(
            settings.filter((setting) => setting.moves === moves),
            { x: "x", y: "y", stroke: colour({ moves }), strokeWidth: 1.5 },
          ),
        ),
        Plot.dot(points, { x: "x", y: "y", r: 3, fill: colour, fillOpacity: 0.6 }),
        Plot.text(counts, { x: "x", y: "y", text: "text", fontSize: 10, fill: theme.text }),
        ...pointed(points, {
          text: ({ x, y, seed, moves }) =>
            `m = ${x}, draw ${seed}${moves ? "" : ", places stay"}: ${y > floor ? formatNumber(y) : "at most 1e-6"}`,
          colour,
          theme,
        }),
      ],
      notes: [
        "Five spikes, ten draws; a dot a draw, lines through medians. The numbers above say how many of the ten draws succeed. What is below 1e-6 stands there.",
      ],
    },
    frame,
  );
}

export const deconvolutionExcesses = defineFigure<Record<string, never>>({
  id: "deconvolution-excess",
  title: "Particles that find five spikes, against their number",
  caption:
    "Five spikes on a circle are seen blurred, and m particles descend to find them. With five particles a draw rarely succeeds, with eight all do: a few more than needed make local minima go away. Masses alone, on fixed places, need far more of them. Computed in float64, beside the networks.",
  needs: ["test_loss"],
  shows,
  controls: () => ({}),
  draw: (_, frame) => drawExcess(frame),
  data(): Table {
    const points = excessesOf();
    return {
      rows: points.length,
      columns: {
        particles: Float64Array.from(points, ({ x }) => x),
        draw: Float64Array.from(points, ({ seed }) => seed),
        "places move": points.map(({ moves }) => (moves ? "yes" : "no")),
        excess: Float64Array.from(points, ({ y }) => y),
      },
    };
  },
});

interface Place {
  particle: number;
  x: number;
  y: number;
  mass: number;
}

/** Steps that are drawn: the first and some sixty more, evenly in their logarithm. */
const drawnSteps = new Set(
  Array.from({ length: 60 }, (_, k) => Math.round(deconvolutionSteps.steps ** ((k + 1) / 60))),
);

function courseOf(seed: number, count: number): { places: Place[]; excess: number } {
  const places: Place[] = [];
  const excess = deconvolutionExcess(drawOf(seed), count, true, (step, particles) => {
    if (!drawnSteps.has(step)) return;
    particles.masses.forEach((mass, particle) =>
      places.push({ particle, x: step, y: particles.places[particle], mass }),
    );
  });
  return { places, excess };
}

interface Controls extends Record<string, Slider | Choice> {
  particles: Choice;
  draw: Slider;
}

function drawCourse(frame: Frame, count: number, seed: number): SVGSVGElement {
  const { theme } = frame;
  const { places, excess } = courseOf(seed, count);
  const turn = 2 * Math.PI;
  const domain = domainOf([0, turn, ...places.map(({ y }) => y)], "linear", 0.02);
  const spikes = [-turn, 0, turn]
    .flatMap((shift) => Array.from(drawOf(seed).truth.places, (place) => place + shift))
    .filter((place) => place > domain[0] && place < domain[1]);
  const colour = () => theme.categories[0];
  return drawChart(
    {
      label: `Places and masses of ${count} particles over steps`,
      x: { title: "step", type: "log", domain: domainOf([1, deconvolutionSteps.steps], "log", 0.02) },
      y: {
        title: "place on the circle, radians",
        type: "linear",
        domain,
      },
      legend: [
        {
          entries: [
            { label: "particles, areas are masses", colour: colour(), mark: "dot" },
            { label: "spikes", colour: theme.text, mark: "dashed" },
          ],
        },
      ],
      marks: [
        Plot.ruleY(spikes, { stroke: theme.text, strokeDasharray: "5,3" }),
        Plot.line(places, { x: "x", y: "y", z: "particle", stroke: colour, strokeOpacity: 0.5 }),
        Plot.dot(places, {
          x: "x",
          y: "y",
          r: ({ mass }: Place) => 5.5 * Math.sqrt(mass),
          fill: colour,
          fillOpacity: 0.45,
        }),
        ...pointed(places, {
          text: ({ x, y, mass }) => `step ${x}: at ${formatNumber(y)}, mass ${formatNumber(mass)}`,
          colour,
          theme,
        }),
      ],
      notes: [
        excess < deconvolutionSuccess
          ? "The objective ends at its least value: every spike has been found. The penalty leaves masses a little below the spikes' 1."
          : `The objective ends ${formatNumber(excess)} above its least value: a spike has no particle of its own.`,
      ],
    },
    frame,
  );
}

export const deconvolutionCourse = defineFigure<Controls>({
  id: "deconvolution-course",
  title: "Particles that look for five spikes",
  caption:
    "Places and masses of particles over the steps of conic descent: they drift to the spikes, merge there and share a spike's mass; those that are left over lose theirs. Computed in float64, beside the networks.",
  needs: ["test_loss"],
  shows,
  controls: () => ({
    particles: {
      kind: "choice",
      label: "Particles",
      options: [5, 6, 8, 16].map((count) => ({ value: String(count), label: String(count) })),
      initial: "8",
    },
    draw: {
      kind: "slider",
      label: "Draw",
      positions: seeds.length,
      initial: 0,
      show: (position) => String(seeds[position]),
    },
  }),
  draw: (_, frame, { particles, draw }) => drawCourse(frame, Number(particles), seeds[draw]),
  data(_, { particles, draw }): Table {
    const { places } = courseOf(seeds[draw], Number(particles));
    return {
      rows: places.length,
      columns: {
        step: Float64Array.from(places, ({ x }) => x),
        particle: Float64Array.from(places, ({ particle }) => particle),
        place: Float64Array.from(places, ({ y }) => y),
        mass: Float64Array.from(places, ({ mass }) => mass),
      },
    };
  },
});
