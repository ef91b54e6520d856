import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { checkExperiment } from "../../src/engine.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { reluJacobian } from "../../src/models/relu.reference.ts";
import { stabilityLimit } from "../../src/models/stability-limit.ts";
import { explicitKernel } from "../engine/relu.ts";

const models = [
  { kind: "diagonal", depth: 1 },
  { kind: "diagonal", depth: 3 },
  { kind: "relu", widths: [4, 3] },
] as const;

for (const model of models)
  for (const scaling of ["weights", "output"])
    test(`${JSON.stringify(model)}, ${scaling} scaled: each alpha is warned of by the limit of its own kernel`, async () => {
      const stepSize = 100;
      const experiment = readExperiment(
        {
          data: { kind: "linear-uniform", samples: 6, dimension: 4 },
          model,
          init: { scaling, shape: model.kind === "relu" ? "he" : "ones" },
          train: { stepSize, epochs: 1 },
          record: { quantities: ["loss"], arrays: [] },
          sweep: [{ path: "init.alpha", values: [0.5, 1, 3] }],
        },
        "test",
      );
      const members = await loadRuns(experiment.runs, new Map());
      const { largestEigenvalue } = await behaviourOf(experiment.runs[0].model);
      const expected = members.map((member) => {
        const eigenvalue = largestEigenvalue(member, member.dataset);
        const limit = stabilityLimit(member, eigenvalue);
        const { alpha } = member.run.init;
        return stepSize > limit ? [`alpha = ${alpha}: `, ` = ${limit.toPrecision(3)};`] : [];
      });
      const warnings = await checkExperiment(experiment, new Map());
      const wanted = expected.filter((parts) => parts.length > 0);
      expect(warnings).toHaveLength(wanted.length);
      wanted.forEach((parts, k) => parts.forEach((part) => expect(warnings[k]).toContain(part)));
      // What is advised is below what is warned of.
      for (const warning of warnings) {
        const [, limit, advised] = /= ([\d.e+-]+);.*use at most ([\d.e+-]+),/.exec(warning)!;
        expect(Number(advised)).toBeLessThan(0.95 * Number(limit));
        expect(Number(advised)).toBeGreaterThan(0.75 * Number(limit));
      }
    });

test("past the limit a run leaves the kernel regime, past twice the limit it most likely diverges, a linear one always", async () => {
  const warn = async (factors: number, times: number) => {
    // K0 is 2 factors times the identity.
    const stepSize = times * (6 / (2 * factors));
    const experiment = readExperiment(
      {
        data: { kind: "matrix-completion", rows: 4, columns: 3, rank: 1, observed: 6 },
        model: { kind: "matrix", factors, unbiased: true },
        init: { shape: "identity" },
        train: { stepSize, epochs: 1 },
        record: { quantities: ["loss"], arrays: [] },
      },
      "test",
    );
    return (await checkExperiment(experiment, new Map())).join();
  };
  expect(await warn(2, 0.99)).toBe("");
  expect(await warn(2, 1.5)).toMatch(/1\.50 times .* = 1\.50; this run leaves the kernel regime/);
  expect(await warn(3, 3)).toMatch(/ = 1\.00; its linearization diverges, and so, most likely, does the run/);
  expect(await warn(1, 1.5)).toMatch(/ = 3\.00; this run will diverge/);
});

test("of cross-entropy the limit is 4 N over the largest eigenvalue of the kernel of all outputs", async () => {
  const stepSize = 100;
  const experiment = readExperiment(
    {
      data: { kind: "patterns", samples: 6, size: 4, noise: 0.5, classes: 3 },
      model: { kind: "relu", layers: [{ conv: 2, size: 3 }] },
      init: { shape: "he" },
      loss: { kind: "cross-entropy" },
      train: { stepSize, epochs: 1 },
      record: { quantities: ["loss"], arrays: [], kernelOutputs: "full" },
    },
    "test",
  );
  const [{ run, dataset, w0 }] = await loadRuns(experiment.runs, new Map());
  const J = reluJacobian(run, w0, dataset.X, dataset);
  const K = Matrix.from1DArray(J.length, J.length, [...explicitKernel(J)]);
  const eigenvalue = Math.max(...new EigenvalueDecomposition(K, { assumeSymmetric: true }).realEigenvalues);
  const limit = (4 * dataset.samples) / eigenvalue;
  const [warning] = await checkExperiment(experiment, new Map());
  const [, times, told] = /is ([\d.]+) times the stability limit 4 N \/ lambda_max\(K0\) = ([\d.e+-]+);/.exec(
    warning,
  )!;
  expect(Number(told) / limit).toBeCloseTo(1, 2);
  expect(Number(times) / (stepSize / limit)).toBeCloseTo(1, 2);
});
