/** A command whose kernels are wrong says so. */

import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/cli/package-root.ts";
import { readResults } from "../../src/results/read.ts";
import { alphasweep, Running, temporaryFolder } from "./command.ts";

const document = {
  name: "guarded",
  data: { kind: "linear-uniform", samples: 6, dimension: 9, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.005, epochs: 50 },
  record: { every: 10, quantities: ["loss"], arrays: [] },
  sweep: [{ path: "init.alpha", values: [0.1, 0.5, 1] }],
};

/** A clone whose diagonal networks learn a hundredth too fast. */
function spoiltClone(): string {
  const clone = temporaryFolder();
  for (const name of ["bin", "experiments", "package.json", "package-lock.json", "shaders", "src", "viewer"])
    cpSync(join(packageRoot, name), join(clone, name), { recursive: true });
  cpSync(join(packageRoot, "vite.config.ts"), join(clone, "vite.config.ts"));
  symlinkSync(join(packageRoot, "node_modules"), join(clone, "node_modules"));
  const shader = join(clone, "shaders", "diagonal_descent.wgsl");
  const code = readFileSync(shader, "utf8");
  const spoilt = code.replaceAll("numbers.rate", "1.01 * numbers.rate");
  expect(spoilt).not.toBe(code);
  writeFileSync(shader, spoilt);
  return clone;
}

test("a kernel that is off by a hundredth fails the command, and everything is kept", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "guarded.json"), JSON.stringify(document));
  const parameters = ["run", "guarded.json", "--out", "out", "--adapter", "software"];
  const spoilt = await new Running(parameters, { cwd, clone: spoiltClone() }).outcome();
  const line =
    /^this adapter computes wrongly: after 50 epochs the predictor of run \d in float32 and in float64 differ by \S+ of the way they went, of which rounding explains \S+; the results are kept, but not to be trusted$/m;
  expect([spoilt.code, spoilt.errors]).toEqual([1, expect.stringMatching(line)]);
  const { manifest, runs } = await readResults(join(cwd, "out"));
  expect(manifest.status).toBe("finished");
  expect(runs.columns.status).toEqual(["finished", "finished", "finished"]);
  // What is not to be trusted does not become so.
  const again = await alphasweep([...parameters, "--resume"], { cwd });
  expect([again.code, again.errors]).toEqual([1, expect.stringMatching(line)]);
});
