/** A command whose kernels are wrong says so. */

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { readResults } from "../../src/results/read.ts";
import { copySources } from "./clones.ts";
import { alphasweep, inNode, Running, softwareVulkan, temporaryFolder } from "./command.ts";

const document = {
  name: "guarded",
  data: { kind: "linear-uniform", samples: 6, dimension: 9, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.005, epochs: 50 } as object,
  record: { every: 10, quantities: ["loss"], arrays: [] },
  sweep: [{ path: "init.alpha", values: [0.1, 0.5, 1] }],
};

/** An expression of descent, and one of flows, and what is off by a hundredth. */
const faults = [
  ["src/kernels/diagonal/descent_update.wgsl", "numbers.rate", "1.01 * numbers.rate"],
  ["shaders/flow_stage.wgsl", "(4.0 / 9.0)", "(4.04 / 9.0)"],
] as const;

/** One clone for both faults, which it has in turn. */
let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), "alphasweep-"));
  copySources(clone);
  symlinkSync(join(packageRoot, "node_modules"), join(clone, "node_modules"));
  return () => rmSync(clone, { recursive: true, force: true });
});

/** Without a browser, for which a clone would have to build pages. */
const parameters = ["run", "guarded.json", "--out", "out", ...inNode];

/** Runs a document with the clone, which has this fault alone. */
async function distrusted(own: typeof document, fault: 0 | 1, length: string) {
  faults.forEach(([file, right, wrong], place) => {
    const code = readFileSync(join(packageRoot, file), "utf8");
    expect(code).toContain(right);
    writeFileSync(join(clone, file), place === fault ? code.replaceAll(right, wrong) : code);
  });
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "guarded.json"), JSON.stringify(own));
  const spoilt = await new Running(parameters, { cwd, env: await softwareVulkan(), clone }).outcome();
  const line = new RegExp(
    `^this adapter computes wrongly: after ${length} the predictor of run \\d in float32 and in float64 differ by \\S+ ` +
      "of the way they went, of which rounding explains \\S+; the results are kept, but not to be trusted$",
    "m",
  );
  expect([spoilt.code, spoilt.errors]).toEqual([1, expect.stringMatching(line)]);
  const { manifest, runs } = await readResults(join(cwd, "out"));
  expect(manifest.status).toBe("finished");
  expect(runs.columns.status).toEqual(["finished", "finished", "finished"]);
  return { cwd, line };
}

test("a kernel that is off by a hundredth fails the command, and everything is kept", async () => {
  const { cwd, line } = await distrusted(document, 0, "50 epochs");
  // What is not to be trusted does not become so.
  const again = await alphasweep([...parameters, "--resume"], { cwd, env: await softwareVulkan() });
  expect([again.code, again.errors]).toEqual([1, expect.stringMatching(line)]);
});

test("a flow whose steps end off by a hundredth fails the command", async () => {
  const train = { method: "gradient-flow", time: 0.05 };
  await distrusted({ ...document, train }, 1, "\\d+ steps");
});

test("a flow that is followed as it should is guarded", async () => {
  const cwd = temporaryFolder();
  const train = { method: "gradient-flow", time: 0.05 };
  writeFileSync(join(cwd, "guarded.json"), JSON.stringify({ ...document, train }));
  expect(await alphasweep(parameters, { cwd, env: await softwareVulkan() })).toMatchObject({ code: 0 });
  const { guard } = (await readResults(join(cwd, "out"))).manifest;
  expect(guard).toMatchObject({ compared: "predictor", steps: expect.any(Number) as number });
});
