/** Phase diagrams: what a cell holds, where contours run, which runs are behind a cell. */

import { expect, test } from "vitest";
import { figures, figuresOf } from "../../viewer/figures/registry.ts";
import { colourScale } from "../../viewer/figures/colour-scale.ts";
import { isolines } from "../../viewer/figures/isolines.ts";
import { light } from "../../viewer/figures/theme.ts";
import { draw, geometry, texts } from "./drawing.ts";
import { made, trained } from "./samples/samples.ts";

const phaseDiagram = figures.find(({ id }) => id === "phase-diagram")!;
const weightDistance = { quantity: "weight_distance" };

const alphas = [0.01, 0.1, 1, 10];
const samples = [10, 20, 40];

/** Runs over alpha and N, with seeds and noise, whose weight distance ends at N alpha (1 + seed) (1 + noise). */
const results = made(
  [0, 1].flatMap((noise) =>
    samples.flatMap((count) =>
      alphas.flatMap((alpha) =>
        [1, 2, 3].map((seed) => ({
          swept: { "init.alpha": alpha, "data.samples": count, "data.noise": noise, "data.seed": seed },
          status: alpha === 10 && count === 40 ? "diverged" : "finished",
          values: [0, count * alpha * (1 + seed) * (1 + noise)],
        })),
      ),
    ),
  ),
);

test("a map needs two axes that are swept on their own", () => {
  const ids = (runs: Record<string, number>[]) =>
    figuresOf(made(runs.map((swept) => ({ swept, values: [0, 1] })))).map(({ id }) => id);
  const product = (paths: [string, string]) =>
    [1, 2, 3].flatMap((a) => [4, 5].map((b) => ({ [paths[0]]: a, [paths[1]]: b })));
  expect(ids(product(["init.alpha", "data.samples"]))).toContain("phase-diagram");
  expect(ids(product(["init.alpha", "data.seed"]))).not.toContain("phase-diagram");
  expect(ids([1, 2, 3, 4, 5, 6].map((k) => ({ "init.alpha": k, "train.stepSize": 1 / k })))).not.toContain(
    "phase-diagram",
  );
  expect(figuresOf(trained("alpha-sweep")).map(({ id }) => id)).not.toContain("phase-diagram");
});

test("a cell holds the median of its trials, and nothing else that is swept", () => {
  const table = (rest: string) =>
    phaseDiagram.data(results, { ...weightDistance, x: "data.samples", y: "init.alpha", rest });
  const { columns, rows } = table("0");
  expect(rows).toBe(12);
  const at = (alpha: number, count: number, of = columns) =>
    Number(
      of.weight_distance[
        Array.from(of["init.alpha"]).findIndex(
          (value, k) => value === alpha && of["data.samples"][k] === count,
        )
      ],
    );
  // The middle seed of 1, 2, 3.
  expect(at(0.1, 20)).toBeCloseTo(0.1 * 20 * 3, 12);
  expect(at(0.1, 20, table("1").columns)).toBeCloseTo(0.1 * 20 * 3 * 2, 12);
  expect(at(10, 40)).toBeNaN();
  expect(columns.runs[0]).toBe("0 1 2");
});

test("axes are logarithmic where values span decades, colours have a legend, and diverged cells are marked", () => {
  const drawing = draw(phaseDiagram, results, { ...weightDistance });
  expect(drawing.querySelectorAll('[aria-label="rect"] rect')).toHaveLength(12);
  const heights = Array.from(drawing.querySelectorAll('[aria-label="rect"] rect'), (rect) =>
    Number(rect.getAttribute("height")),
  );
  // Decades are equally high.
  for (const height of heights) expect(height).toBeCloseTo(heights[0], 0);
  expect(texts(drawing)).toEqual(expect.arrayContaining(["‖w − w(0)‖₂", "α", "N", "diverged", "0.3"]));
  expect(geometry(drawing).join(" ")).not.toMatch(/NaN|Infinity|undefined/);
});

test("evenly spaced values have an even axis, though they span decades: what is linear in them is a straight line", () => {
  const noise = Array.from({ length: 20 }, (_, k) => 0.25 + 0.25 * k);
  const map = made(
    noise.flatMap((delta) =>
      alphas.map((alpha) => ({
        swept: { "train.labelNoise": delta, "init.alpha": alpha },
        values: [0, delta],
      })),
    ),
  );
  const drawing = draw(phaseDiagram, map, { ...weightDistance, x: "train.labelNoise", y: "init.alpha" });
  const widths = Array.from(drawing.querySelectorAll('[aria-label="rect"] rect'), (rect) =>
    Number(rect.getAttribute("width")),
  );
  expect(widths).toHaveLength(80);
  for (const width of widths) expect(width).toBeCloseTo(widths[0], 0);
});

test("a contour of N alpha is where N alpha is the level, on the scales of the axes", () => {
  const value = (column: number, row: number) => Math.log(samples[column] * alphas[row]);
  const pieces = isolines(3, 4, value, Math.log(2));
  expect(pieces.length).toBeGreaterThan(2);
  for (const { x1, y1, x2, y2 } of pieces)
    for (const [x, y] of [
      [x1, y1],
      [x2, y2],
    ])
      expect(10 * 2 ** x * 0.01 * 10 ** y).toBeCloseTo(2, 10);
  // Pieces meet: every end but the line's two is another piece's, too.
  const ends = pieces.flatMap(({ x1, y1, x2, y2 }) => [
    `${x1.toFixed(9)} ${y1.toFixed(9)}`,
    `${x2.toFixed(9)} ${y2.toFixed(9)}`,
  ]);
  const alone = ends.filter((end) => ends.filter((other) => other === end).length === 1);
  expect(alone).toHaveLength(2);
});

test("contours of a saddle do not cross, and none runs around what is no number", () => {
  const saddle = isolines(2, 2, (column, row) => (column === row ? 1 : 0), 0.6);
  expect(saddle).toHaveLength(2);
  // The middle is below the level: each of the two high corners is cut off for itself.
  for (const { x1, y1, x2, y2 } of saddle) expect(Math.abs(x1 - x2) + Math.abs(y1 - y2)).toBeCloseTo(0.8, 12);
  const joined = isolines(2, 2, (column, row) => (column === row ? 1 : 0), 0.4);
  for (const { x1, y1, x2, y2 } of joined) expect(Math.abs(x1 - x2) + Math.abs(y1 - y2)).toBeCloseTo(0.8, 12);
  expect(isolines(2, 2, (column, row) => (column + row === 2 ? NaN : column), 0.5)).toEqual([]);
});

test("a cell that is picked shows the curves of its runs", () => {
  const slider = phaseDiagram.controls(results).cell;
  if (slider.kind !== "slider") throw new Error("the cell is a slider");
  expect(slider.show(0)).toBe("none");
  const without = draw(phaseDiagram, results, { ...weightDistance });
  const picked = draw(phaseDiagram, results, { ...weightDistance, cell: 2 });
  expect(without.querySelectorAll('[aria-label="line"] path')).toHaveLength(0);
  expect(picked.querySelectorAll('[aria-label="line"] path').length).toBeGreaterThan(0);
  expect(texts(picked)).toEqual(
    expect.arrayContaining(["epoch", "Outlined, and below: N = 20, α = 0.01, 3 runs."]),
  );
  // 4 alphas times 3 counts, and none.
  expect(slider.positions).toBe(13);
});

test("axes that are swept together are points where they are, without contours; a grid is offered first", () => {
  // Two step sizes for each alpha, as experiments choose them, at every N.
  const pairs = [
    [0.1, 1],
    [0.1, 0.5],
    [1, 0.5],
    [1, 0.2],
    [10, 0.2],
    [10, 0.1],
  ];
  const paired = made(
    pairs.flatMap(([alpha, stepSize]) =>
      samples.map((count) => ({
        swept: { "train.stepSize": stepSize, "init.alpha": alpha, "data.samples": count },
        values: [0, count * alpha * stepSize],
      })),
    ),
  );
  const { x, y } = phaseDiagram.controls(paired) as Record<string, { initial: unknown }>;
  expect([x.initial, y.initial]).toEqual(["data.samples", "init.alpha"]);
  const points = draw(phaseDiagram, paired, {
    ...weightDistance,
    x: "train.stepSize",
    y: "init.alpha",
    contour: "all",
  });
  expect(points.querySelectorAll('[aria-label="rect"] rect')).toHaveLength(0);
  expect(points.querySelectorAll('[aria-label="link"] line, [aria-label="link"] path')).toHaveLength(0);
  expect(points.querySelectorAll('[aria-label="dot"] circle').length).toBeGreaterThanOrEqual(6);
  expect(texts(points)).toContain("η and α are swept together: a point a setting, no grid.");
  const grid = draw(phaseDiagram, paired, { ...weightDistance, contour: "all" });
  expect(grid.querySelectorAll('[aria-label="rect"] rect')).toHaveLength(3);
});

test("colours and their legend agree: ends and middle, in the logarithm where values span decades; one value is one colour", () => {
  const scale = colourScale([1, 100, NaN, 10], "log", light);
  expect(scale.extent).toEqual([1, 100]);
  expect(scale.ramp.labels.map(({ label }) => label)).toEqual(["1", "10", "100"]);
  for (const { at, label } of scale.ramp.labels) expect(scale.of(Number(label))).toBe(scale.ramp.colour(at));
  expect(scale.of(NaN)).toBe(light.missing);
  const single = colourScale([3, 3], "linear", light);
  expect(single.ramp.labels.map(({ label }) => label)).toEqual(["3"]);
  expect(single.ramp.colour(0)).toBe(single.of(3));
});

test("a step size of each setting's own splits no map", () => {
  const own = made(
    [50, 130, 200].flatMap((observed, k) =>
      [1, 2].map((factors) => ({
        swept: {
          "data.observed": observed,
          "model.factors": factors,
          "train.stepSize": (k + 1) / factors,
        },
        values: [0, observed / factors],
      })),
    ),
  );
  const drawing = draw(phaseDiagram, own, weightDistance);
  expect(drawing.querySelectorAll('[aria-label="rect"] rect')).toHaveLength(6);
});

test("of results that hold a start and an end alone, a page shows the map before lines over training", () => {
  const ids = (last: (height: number) => number[]) =>
    figuresOf(
      made(
        alphas.flatMap((alpha) =>
          samples.map((count) => ({
            swept: { "init.alpha": alpha, "data.samples": count },
            values: last(alpha * count),
          })),
        ),
      ),
    )
      .map(({ id }) => id)
      .filter((id) => ["weight-distance", "phase-diagram"].includes(id));
  expect(ids((height) => [0, height])).toEqual(["phase-diagram", "weight-distance"]);
  expect(ids((height) => [0, height / 2, height])).toEqual(["weight-distance", "phase-diagram"]);
});
