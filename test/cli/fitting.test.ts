import { statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { alphasweep, temporaryFolder } from "./command.ts";

const document = {
  name: "large",
  data: { kind: "linear-uniform", samples: 1000, dimension: 2 },
  model: { kind: "diagonal" },
  train: { stepSize: 1e-6, epochs: 999 },
  record: { every: 1, quantities: ["loss"], arrays: ["ntk"] },
};

test("doctor predicts what an experiment takes; run refuses what the disk cannot hold", async () => {
  const cwd = temporaryFolder();
  const { bavail, bsize } = statfsSync(cwd);
  // 4 GB a run: 1000 records of a kernel of 1000 samples.
  const runs = Math.ceil((bavail * bsize) / 4e9) + 1;
  writeFileSync(join(cwd, "large.json"), JSON.stringify(document));
  const doctor = await alphasweep(["doctor", "large.json", "--adapter", "software"], { cwd });
  expect([doctor.code, doctor.errors]).toEqual([0, ""]);
  expect(doctor.output).toMatch(/^experiment +large\nruns +1, trained together\nmemory .*\nbinding .*\n/m);
  expect(doctor.output).toMatch(/^disk +4 GB of arrays, and at most 40 kB of records/m);

  const sweep = `sweep=[{"path":"init.alpha","linspace":[0.1,1,${runs}]}]`;
  const words = ["run", "large.json", "--set", sweep, "--adapter", "software", "--quiet"];
  const refused = await alphasweep(words, { cwd });
  expect([refused.code, refused.errors]).toEqual([
    2,
    expect.stringMatching(
      /^large\.json: record\.arrays takes [\d.]+ \wB; the disk of results\/large has [\d.]+ \wB left: [^\n]+\n$/,
    ),
  ]);
  await expect(alphasweep(["view", "results/large"], { cwd })).resolves.toMatchObject({
    errors: expect.stringContaining("is not a folder") as string,
  });
});
