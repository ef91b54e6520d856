/** Curves over training: averages of trials, what tells lines apart, and what the axes show. */

import { expect, test } from "vitest";
import type { Results } from "../../src/results/types.ts";
import { figures } from "../../viewer/figures/registry.ts";
import { textWidth } from "../../viewer/figures/text.ts";
import { weightDistance } from "../../viewer/figures/weight-distance.ts";
import { draw, lines, texts } from "./drawing.ts";
import { made } from "./samples/samples.ts";

const loss = figures.find(({ id }) => id === "loss")!;
const notes = (drawing: Element) =>
  Array.from(drawing.querySelectorAll('[aria-label="notes"] text'), (node) => node.textContent).join(" ");

/** The same results with `weight_distance` called otherwise. */
function renamed(results: Results, name: string): Results {
  const rename = ({ rows, columns }: Results["runs"]) => {
    const { weight_distance, ...others } = columns;
    return { rows, columns: { ...others, [name]: weight_distance } };
  };
  return { ...results, runs: rename(results.runs), history: rename(results.history) };
}

/** The points of a path, in pixels. */
const pointsOf = (path: string): [number, number][] =>
  path
    .slice(1)
    .split("L")
    .map((point) => point.split(",").map(Number) as [number, number]);

/** Runs that fall at a rate of their own until they reach 1e-6: the slowest are the last to end, and the highest. */
const falling = (rates: number[], swept: (k: number) => Record<string, number>) =>
  rates.map((rate, k) => {
    const values = [];
    for (let value = 1; value > 1e-6; value *= Math.exp(-rate)) values.push(value);
    return { swept: swept(k), status: "converged", values: [...values, 1e-6] };
  });
const rates = Array.from({ length: 60 }, (_, k) => 0.2 + k / 30);

for (const trials of ["median", "quartiles", "mean"])
  for (const logY of [true, false])
    test(`runs end at different times: the ${trials} never rises where no run rises, log y ${logY}`, () => {
      const results = made(falling(rates, (k) => ({ "init.alpha": 1, "data.seed": k })));
      const drawing = draw(weightDistance, results, { trials, logY });
      const drawn = lines(drawing).flatMap(pointsOf);
      expect(drawn.length).toBeGreaterThan(20);
      // Downwards on the page is a larger y. A coordinate has two decimals.
      drawn.slice(1).forEach(([, y], k) => expect(y).toBeGreaterThanOrEqual(drawn[k][1] - 0.01));
    });

test("a quantity without a floor is no rounding noise where it is below zero", () => {
  const drawing = draw(weightDistance, made([{ swept: {}, values: [-3, -1, 2] }]), { logY: false });
  expect(lines(drawing)).toHaveLength(1);
  expect(drawing.querySelector('[aria-label="line"] [stroke-opacity="0.3"]')).toBeNull();
  expect(drawing.querySelector('[aria-label="line"][stroke-opacity="0.3"] path')).toBeNull();
});

test("an average says how many runs it is of, and that some have ended", () => {
  const some = notes(draw(weightDistance, made(falling(rates, (k) => ({ "data.seed": k })))));
  expect(some).toContain("medians, bands hold the middle 80%, of n = 60 runs each");
  expect(some).toContain("59 of 60 runs end before the last of their line, and keep their last values");
  const same = made(rates.map((_, k) => ({ swept: { "data.seed": k }, values: [3, 2, 1] })));
  expect(notes(draw(weightDistance, same))).not.toContain("keep their last values");
});

test("an average goes no further than all of its runs that still train", () => {
  const longest = (status: string) => {
    const results = made(
      Array.from({ length: 60 }, (_, k) => ({
        swept: { "data.seed": k },
        status,
        values: Array.from({ length: k === 0 ? 11 : 6 }, (_, record) => 20 - record),
      })),
    );
    const drawing = draw(weightDistance, results, { logX: false });
    return texts(drawing.querySelector('[aria-label="x-axis tick label"]')!).at(-1);
  };
  expect(longest("finished")).toBe("100");
  expect(longest("running")).toBe("50");
});

test("no average pools what a sweep varies: seeds alone make trials", () => {
  const swept = [10, 20].flatMap((samples) =>
    [2, 3].flatMap((depth) =>
      [0.1, 1].flatMap((alpha) =>
        Array.from({ length: 10 }, (_, seed) => ({
          swept: { "init.alpha": alpha, "data.samples": samples, "model.depth": depth, "data.seed": seed },
          values: [4, 3, 2, 1].map((value) => value * samples * depth),
        })),
      ),
    ),
  );
  const drawing = draw(weightDistance, made(swept));
  expect(lines(drawing)).toHaveLength(8);
  expect(notes(drawing)).toContain("n = 10 runs each");
  expect(texts(drawing)).toEqual(
    expect.arrayContaining(["N = 10, D = 2", "N = 10, D = 3", "N = 20, D = 2", "N = 20, D = 3"]),
  );
  const dashed = draw(weightDistance, made(swept), { panels: "data.samples", and: "none" });
  expect(texts(dashed)).toEqual(expect.arrayContaining(["N = 10", "N = 20", "D = 2", "D = 3"]));
  expect(lines(dashed)).toHaveLength(8);
  expect(dashed.querySelectorAll('[stroke-dasharray="6,3"]').length).toBeGreaterThan(0);
});

test("lines that look alike are owned up to, and panels that are too many are thinned", () => {
  const swept = Array.from({ length: 20 }, (_, k) => k + 1).flatMap((samples) =>
    [0.1, 1].map((alpha) => ({
      swept: { "init.alpha": alpha, "data.samples": samples },
      values: [2, 1],
    })),
  );
  expect(notes(draw(weightDistance, made(swept)))).toContain("Lines that look alike differ in N.");
  const panels = draw(weightDistance, made(swept), { panels: "data.samples" });
  expect(notes(panels)).toContain("12 panels of 20");
  expect(lines(panels)).toHaveLength(24);
});

test("time is logarithmic, and begins with epoch 0 at the left edge all the same", () => {
  const drawing = draw(
    weightDistance,
    made([{ swept: {}, values: Array.from({ length: 101 }, (_, k) => 1 + k) }]),
  );
  const ticks = texts(drawing.querySelector('[aria-label="x-axis tick label"]')!);
  expect(ticks).toEqual(expect.arrayContaining(["0", "10", "100", "1,000"]));
  const [line] = lines(drawing).map(pointsOf);
  const share = (x: number) => (x - line[0][0]) / (line.at(-1)![0] - line[0][0]);
  // Epoch 500 is half of the way, and 94% of it in log(1 + epoch / 10).
  expect(share(line.find((_, k) => k === 50)![0])).toBeGreaterThan(0.8);
  const linear = draw(weightDistance, made([{ swept: {}, values: [1, 2, 3] }]), { logX: false });
  expect(pointsOf(lines(linear)[0]).map(([x]) => x)[1]).toBeCloseTo(
    (pointsOf(lines(linear)[0])[0][0] + pointsOf(lines(linear)[0])[2][0]) / 2,
    1,
  );
});

test("an axis of losses ends at the floor of float32, and says so", () => {
  // A residual falls from 1 to 1e-14: below 2^-20 of the largest, squared, there is only rounding; zero is there, too.
  const values = [...Array.from({ length: 15 }, (_, k) => 10 ** (-2 * k)), 0];
  const results = renamed(made([{ swept: {}, values }]), "loss");
  const drawing = draw(loss, results);
  expect(notes(drawing)).toContain("Shaded: below 9.1×10⁻¹³");
  expect(notes(drawing)).not.toContain("left out");
  const ticks = texts(drawing.querySelector('[aria-label="y-axis tick label"]')!);
  expect(ticks).toContain("10⁻¹²");
  expect(ticks.join(" ")).not.toMatch(/10⁻(1[5-9]|2)/);
  // Nothing is cut of a quantity that cancels nothing, of a logistic loss, or of one that stays above.
  expect(notes(draw(weightDistance, made([{ swept: {}, values }])))).not.toContain("Shaded");
  const logistic = {
    ...results,
    manifest: { ...results.manifest, document: { loss: { kind: "logistic" } } },
  };
  expect(notes(draw(loss, logistic))).not.toContain("Shaded");
  expect(notes(draw(loss, renamed(made([{ swept: {}, values: [1, 0.1, 1e-9] }]), "loss")))).not.toContain(
    "Shaded",
  );
});

test("what grows from nothing is not cut: a floor is relative to what was largest so far", () => {
  const values = [0, 1e-9, 1e-6, 1e-3, 1];
  const drawing = draw(
    figures.find(({ id }) => id === "function-distance")!,
    renamed(made([{ swept: {}, values }]), "function_distance"),
  );
  expect(pointsOf(lines(drawing)[0])).toHaveLength(4);
  expect(notes(drawing)).not.toContain("Shaded");
});

test("two records are dots that a thin line joins: nobody knows what was between them", () => {
  const two = draw(weightDistance, made([{ swept: {}, values: [3, 1] }]));
  expect(notes(two)).toContain("a line between two only joins them");
  expect(two.querySelectorAll("circle").length).toBeGreaterThanOrEqual(2);
  const three = draw(weightDistance, made([{ swept: {}, values: [3, 2, 1] }]));
  expect(notes(three)).not.toContain("a line between two only joins them");
});

test("the gap to the lasso is drawn on the clock of the saddles, where every run has one", () => {
  const gap = figures.find(({ id }) => id === "lasso-gap")!;
  const results = (depth: number) => {
    const one = renamed(
      made([1e-4, 1e-8].map((alpha) => ({ swept: { "init.alpha": alpha }, values: [3, 2, 1] }))),
      "lasso_gap",
    );
    const document = { model: { kind: "diagonal", depth }, init: { scaling: "weights" }, loss: {} };
    return { ...one, manifest: { ...one.manifest, document } };
  };
  const initial = (of: Results) => (gap.controls(of).against as { initial: string }).initial;
  expect(initial(results(1))).toBe("epoch");
  expect(initial(results(2))).toBe("clock");
  const { clock } = gap.data(results(2), {}).columns;
  // 4/ln(alpha^-2) times the time, 2 at the last record of each run.
  expect(clock[2]).toBeCloseTo((4 / Math.log(1e8)) * 2);
  expect(clock[5]).toBeCloseTo((4 / Math.log(1e16)) * 2);
  expect(texts(draw(gap, results(2)))).toContain("clock τ of the saddles");
});

test("small multiples are as wide as their titles", () => {
  const results = made(
    [2, 3].flatMap((depth) =>
      [1, 2, 3, 4].flatMap((k) =>
        [0.1, 1].map((alpha) => ({
          swept: { "init.alpha": alpha, "model.depth": depth, "train.labelNoise": k / 3000 },
          values: [3, 2, 1],
        })),
      ),
    ),
  );
  const drawing = draw(weightDistance, results);
  const across = (node: Element | null): number =>
    node === null
      ? 0
      : across(node.parentElement) +
        Number(/translate\(([\d.]+)/.exec(node.getAttribute("transform") ?? "")?.[1] ?? 0);
  const titles = Array.from(drawing.querySelectorAll("text"))
    .filter(({ textContent }) => /noise on labels.*=/.test(textContent))
    .map((node) => ({ text: node.textContent, x: Math.round(across(node)) }));
  const places = [...new Set(titles.map(({ x }) => x))].sort((a, b) => a - b);
  expect(titles.length).toBe(8);
  const widest = Math.max(...titles.map(({ text }) => textWidth(text, 12)));
  expect(places.length).toBeGreaterThan(1);
  places.slice(1).forEach((x, k) => expect(x - places[k]).toBeGreaterThan(widest));
});

test("a slope whose error is below its digits says so in as many digits", () => {
  const figure = figures.find(({ id }) => id === "kernel-drift-against-alpha")!;
  const exact = [1, 3, 10, 30, 100, 300, 1000].map((alpha) => ({
    swept: { "init.alpha": alpha },
    values: [0, alpha ** -4],
  }));
  const label = texts(draw(figure, renamed(made(exact), "ntk_drift"))).find((text) => text.includes("slope"));
  expect(label).toContain("slope −4.0000 (± < 0.0001)");
});

test("what other paths tell of a line is neither in its panel's title nor said to differ between lines that look alike", () => {
  const results = made(
    [50, 130].flatMap((observed, k) =>
      [1, 2, 3].map((factors) => ({
        swept: {
          "data.observed": observed,
          "model.factors": factors,
          "init.shape.std": 0.1 * factors,
          "train.stepSize": (k + 1) / factors,
        },
        values: [3, 2, 1],
      })),
    ),
  );
  const drawing = draw(weightDistance, results);
  expect(texts(drawing)).toContain("factors = 2");
  expect(texts(drawing).join(" ")).not.toContain("init.shape.std");
  expect(notes(drawing)).not.toContain("look alike");
});
