import { expect, test } from "vitest";
import type { Results } from "../../src/results/types.ts";
import { kernelFrames, kernelRuns } from "../../src/results/kernel-frames.ts";
import { figuresOf } from "../../viewer/figures/registry.ts";
import { historyRows } from "../../src/results/run-rows.ts";
import { fillReport } from "../../viewer/report/build.ts";
import { packResults, type Payload, unpackResults } from "../../viewer/report/payload.ts";
import { draw } from "./drawing.ts";
import { made, trained } from "./samples/samples.ts";
import { sparseRegression } from "./samples/sparse.ts";

const unlimited = { history: Infinity, ntk: Infinity, predictor: Infinity, records: Infinity };
const through = (results: Results, budget = unlimited) => {
  const payload = JSON.parse(JSON.stringify(packResults(results, budget))) as Payload;
  return { payload, results: unpackResults(payload) };
};

test("results come back as they were, NaN and infinities too", () => {
  const results = trained("alpha-sweep");
  expect(through(results).results).toEqual(results);
  const odd = made([
    { swept: { "init.alpha": 1, "x.y": "full" }, values: [NaN, Infinity, -Infinity, -0, 5e-324] },
    { swept: { "init.alpha": 0.1, "x.y": null }, values: [1, 2] },
  ]);
  const back = through(odd).results;
  expect(back.history).toEqual(odd.history);
  expect(Array.from(back.runs.columns["x.y"])).toEqual(["full", null]);
  expect(Array.from(back.runs.columns["init.alpha"])).toEqual([1, 0.1]);
});

test("a history over the budget loses records evenly, keeps the first and last of every run, and knows it", () => {
  const values = Array.from({ length: 200 }, (_, record) => record);
  const results = made([
    { swept: { "init.alpha": 1 }, values },
    { swept: { "init.alpha": 2 }, values: values.slice(0, 150) },
  ]);
  const { results: page } = through(results, { ...unlimited, history: 4000 });
  expect(page.thinned!.step).toBe(4);
  const kept = historyRows(page).map((rows) =>
    Array.from(rows, (row) => page.history.columns.weight_distance[row]),
  );
  const fourths = (last: number) => [...values.filter((value) => value % 4 === 0 && value < last), last];
  expect(kept).toEqual([fourths(199), fourths(149)]);
});

test.each([
  ["some runs", { ...unlimited, ntk: 30_000 }],
  ["most runs", { ...unlimited, ntk: 12_000 }],
  ["the runs that a thinned history gives up", { ...unlimited, history: 9_000, ntk: 30_000 }],
])("kernels over the budget give up %s, and stay with their epochs", (_, budget) => {
  const results = trained("alpha-sweep");
  const original = new Map<string, Float32Array>();
  kernelRuns(results).forEach((run) =>
    kernelFrames(results, run).forEach(({ row, kernel }) =>
      original.set(`${run} ${results.history.columns.epoch[row]}`, kernel),
    ),
  );
  const { payload, results: thinned } = through(results, budget);
  expect(thinned.arrays.ntk!.data.byteLength).toBeLessThanOrEqual(budget.ntk);
  expect(payload.notes.join(" ")).toContain("tangent kernels");
  kernelRuns(thinned).forEach((run) => {
    const frames = kernelFrames(thinned, run);
    expect(frames.length).toBeGreaterThan(2);
    expect(thinned.history.columns.epoch[frames.at(-1)!.row]).toBe(10_000);
    for (const { row, kernel } of frames)
      expect(kernel).toEqual(original.get(`${run} ${thinned.history.columns.epoch[row]}`));
  });
  for (const figure of figuresOf(thinned)) draw(figure, thinned);
});

test("a kernel that no budget holds is left out with a note", () => {
  const { payload, results } = through(trained("alpha-sweep"), { ...unlimited, ntk: 700 });
  expect(results.arrays.ntk).toBeUndefined();
  expect(payload.notes.join(" ")).toContain("see arrays/ntk.npy");
});

test("predictors come along, and their figures are drawn; over the budget they are left out with a note", async () => {
  const sparse = await sparseRegression();
  const bytes = sparse.arrays.predictor!.data.byteLength;
  const whole = through(sparse, { ...unlimited, predictor: bytes });
  expect(whole.results.arrays.predictor).toEqual(sparse.arrays.predictor);
  expect(figuresOf(whole.results).map(({ id }) => id)).toContain("leading-coordinates");
  expect(whole.payload.notes).toEqual([]);
  const thin = through(sparse, { ...unlimited, predictor: bytes - 1 });
  expect(thin.results.arrays.predictor).toBeUndefined();
  expect(thin.payload.notes.join(" ")).toContain("see arrays/predictor.npy");
});

const template = [
  "<!doctype html><head>",
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'none'">`,
  "<title>alphasweep report</title>",
  '<script type="module" crossorigin>const a = 1;</script></head>',
  '<body><script id="results" type="application/json"></script></body>',
].join("\n");

test("a report's policy allows its own scripts only, by their hashes", () => {
  const page = fillReport(template, trained("one-diverges"));
  // printf 'const a = 1;' | openssl dgst -sha256 -binary | base64
  expect(page).toContain("script-src 'sha256-zv0N0Hv6Zw9+C4JbNy52ozAX+zm+quOk2wp0IZa7md8='");
  expect(page).not.toContain("unsafe-inline");
});

test("names in a report end no element and are no replacement patterns", () => {
  const name = "</script></title><script>alert(1)</script> $& $' $`";
  const page = fillReport(template, made([{ swept: { "data.</script>": "$&<!--" }, values: [1, 2] }], name));
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page).not.toContain("<!--");
  const [, data] = /<script id="results" type="application\/json">(.*?)<\/script>/s.exec(page)!;
  expect((JSON.parse(data) as Payload).manifest.name).toBe(name);
});

test("a page that is no report's template is refused", () => {
  expect(() => fillReport("<html></html>", trained("one-diverges"))).toThrow("template");
});
