/** Kernels as pictures: what their colours mean, which record they show, and what is said beside them. */

import { rgb } from "d3";
import { expect, test } from "vitest";
import { figures } from "../../viewer/figures/registry.ts";
import { light } from "../../viewer/figures/theme.ts";
import { draw, geometry, texts } from "./drawing.ts";
import { made, trained } from "./samples/samples.ts";

const kernel = figures.find(({ id }) => id === "tangent-kernel")!;
const sideBySide = figures.find(({ id }) => id === "tangent-kernels")!;
const notes = (drawing: Element) =>
  Array.from(drawing.querySelectorAll('[aria-label="notes"] text'), (node) => node.textContent).join(" ");
const images = (drawing: Element) =>
  Array.from(drawing.querySelectorAll("image"), (image) => image.getAttribute("href")!);

/** How far the cells of a picture of `size` cells a side are from the colour of zero, at most; 0 to 255. */
function strongest(image: string, size: number): number {
  const bytes = Buffer.from(image.split(",")[1], "base64");
  // Signature and header, the chunk's name, and the head of a block that is stored.
  const start = 8 + 25 + 8 + 2 + 5;
  const zero = rgb(light.diverging(0));
  let most = 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const at = start + row * (1 + 3 * size) + 1 + 3 * column;
      [zero.r, zero.g, zero.b].forEach((level, k) => {
        most = Math.max(most, Math.abs(bytes[at + k] - Math.round(level)));
      });
    }
  return most;
}

const drift = (run: number) => Number(trained("alpha-sweep").runs.columns.ntk_drift[run]);

test("two alphas' kernels are on one scale: a change of 9300% does not look like one of .009%", () => {
  const results = trained("alpha-sweep");
  expect(drift(0)).toBeGreaterThan(90);
  expect(drift(4)).toBeLessThan(1e-4);
  const change = (run: number) => images(draw(kernel, results, { run }))[2];
  expect(strongest(change(0), 10)).toBeGreaterThan(100);
  expect(strongest(change(4), 10)).toBeLessThan(4);
  const ends = (run: number) => texts(draw(kernel, results, { run })).filter((text) => /^−?\d+$/.test(text));
  expect(ends(0)).toEqual(ends(4));
});

test("kernels of several alphas stand side by side, each with the number of its change", () => {
  const results = trained("alpha-sweep");
  const drawing = draw(sideBySide, results);
  expect(images(drawing)).toHaveLength(10);
  expect(texts(drawing)).toEqual(
    expect.arrayContaining(["α = 0.05", "9,300%", "α = 1", "4.2%", "α = 5", "0.00917%", "epoch 10,000"]),
  );
  const changes = images(drawing).filter((_, k) => k % 2 === 1);
  const strengths = changes.map((image) => strongest(image, 10));
  expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
  // Nothing is new at the start.
  for (const image of images(draw(sideBySide, results, { epoch: 0 })).filter((_, k) => k % 2 === 1))
    expect(strongest(image, 10)).toBe(0);
});

test("the slider goes through epochs, and a fixed scale keeps its numbers", () => {
  const results = trained("alpha-sweep");
  const at = (epoch: number, fixed: boolean) => images(draw(kernel, results, { epoch, fixed }));
  const [first, now] = at(0, true);
  expect(first).toBe(now);
  expect(at(12, true)[1]).not.toBe(at(20, true)[1]);
  expect(at(12, true)[0]).toBe(at(20, true)[0]);
  const scale = (epoch: number, fixed: boolean) =>
    texts(draw(kernel, results, { epoch, fixed })).filter((text) => /^−?[\d.]+$/.test(text));
  expect(scale(12, true)).toEqual(scale(20, true));
  expect(scale(12, false)).not.toEqual(scale(20, false));
  const slider = kernel.controls(results).epoch;
  if (slider.kind !== "slider") throw new Error("the epoch is a slider");
  const { epoch } = results.history.columns;
  expect(slider.show(0)).toBe("0");
  expect(slider.show(3)).toBe(String(epoch[3]));
  expect(slider.show(slider.positions - 1)).toBe("10,000");
});

test("the slider's epochs are spaced in their logarithm where records are not", () => {
  const records = 1001;
  const results = made([{ swept: {}, values: Array.from({ length: records }, (_, k) => k) }]);
  results.arrays.ntk = { shape: [1, records, 1, 1], data: new Float32Array(records).fill(1) };
  const slider = kernel.controls(results).epoch;
  if (slider.kind !== "slider") throw new Error("the epoch is a slider");
  expect(slider.positions).toBeGreaterThan(60);
  expect(slider.positions).toBeLessThanOrEqual(151);
  expect([0, 1, 2, 3].map((k) => slider.show(k))).toEqual(["0", "10", "20", "30"]);
  expect(slider.show(slider.positions - 1)).toBe("10,000");
});

test("the kernel's numbers are the array's", () => {
  const results = trained("alpha-sweep");
  const { data, shape } = results.arrays.ntk!;
  const table = kernel.data(results, { run: 3, epoch: shape[1] - 1, fixed: true });
  const start = (3 * shape[1] + shape[1] - 1) * 100;
  expect([...(table.columns["K(t)"] as Float64Array)]).toEqual([...data.subarray(start, start + 100)]);
  expect(table.columns.i[37]).toBe(3);
  expect(table.columns.j[37]).toBe(7);
  // The root mean square of the relative changes is the drift.
  const relative = table.columns["relative change"] as Float64Array;
  const norm = Math.sqrt(relative.reduce((sum, value) => sum + value ** 2, 0) / 100);
  expect(norm / drift(3)).toBeCloseTo(1, 4);
});

test("a change that float32 entries are too rounded to show has its recorded number beside it", () => {
  const results = made([
    { swept: { "init.alpha": 1 }, values: [0, 1] },
    { swept: { "init.alpha": 50 }, values: [0, 1] },
  ]);
  results.arrays.ntk = { shape: [2, 2, 1, 1], data: Float32Array.of(8, 9, 8, 8) };
  results.history.columns.ntk_drift = Float64Array.of(0, 0.125, 0, 7e-9);
  expect(texts(draw(sideBySide, results))).toEqual(expect.arrayContaining(["12.5%", "7×10⁻⁷%"]));
  delete results.history.columns.ntk_drift;
  expect(texts(draw(sideBySide, results))).toEqual(expect.arrayContaining(["12.5%", "0%"]));
});

test("compared runs differ in nothing but the leading path", () => {
  const results = made(
    [1, 2].flatMap((seed) =>
      [10, 20].flatMap((samples) =>
        [0.1, 1, 10].map((alpha) => ({
          swept: { "init.alpha": alpha, "data.samples": samples, "data.seed": seed },
          values: [0, 1],
        })),
      ),
    ),
  );
  results.arrays.ntk = { shape: [12, 2, 1, 1], data: new Float32Array(24).fill(1) };
  const { columns } = sideBySide.data(results, { epoch: 1 });
  expect([...columns.run]).toEqual([0, 1, 2]);
  expect(notes(draw(sideBySide, results))).toContain("All with N = 10, data seed = 1.");
});

test("a kernel with missing entries, of one sample, and of a run that stopped early", () => {
  const results = trained("alpha-sweep");
  const broken = structuredClone(results);
  broken.arrays.ntk!.data.fill(NaN, 100, 150);
  expect(notes(draw(kernel, broken, { epoch: 1 }))).toContain("50 entries without a finite value");
  const early = structuredClone(results);
  const kept = Array.from(early.history.columns.run, (run, row) => ({ run, row })).filter(
    ({ run, row }) => run !== 0 || row < 4,
  );
  for (const [name, column] of Object.entries(early.history.columns))
    early.history.columns[name] = Float64Array.from(kept, ({ row }) => Number(column[row]));
  early.history.rows = kept.length;
  expect(texts(draw(kernel, early, { run: 0, epoch: 27 }))[0]).toContain("epoch 3,");
  const one = made([{ swept: {}, values: [1, 2] }]);
  one.arrays.ntk = { shape: [1, 2, 1, 1], data: Float32Array.of(1, 2) };
  expect(geometry(draw(kernel, one)).join(" ")).not.toMatch(/NaN/);
  const zero = made([{ swept: {}, values: [1, 2] }]);
  zero.arrays.ntk = { shape: [1, 2, 1, 1], data: Float32Array.of(0, 0) };
  expect(geometry(draw(kernel, zero)).join(" ")).not.toMatch(/NaN/);
});
