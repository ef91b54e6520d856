/** Which adapter trains where nobody asks for one, and what is told of those that are found. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapterCalled, hardwareOf, isLavapipe } from "../../src/cli/runtimes/dawn-adapters.ts";
import { alphasweep, Running, softwareVulkan, temporaryFolder } from "./command.ts";

const tiny = {
  name: "tiny",
  data: { kind: "linear-uniform", samples: 3, dimension: 4, seed: 1 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.01, epochs: 5 },
};

const folderWith = (document: object): string => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "tiny.json"), JSON.stringify(document));
  return cwd;
};

const auto = { ALPHASWEEP_RUNTIME: "auto" };
const none = { VK_DRIVER_FILES: "/nowhere/driver.json", VK_ICD_FILENAMES: "/nowhere/driver.json" };

test("adapters are called by number, by a part of their name, and as WebGPU reports them", () => {
  const names = ["NVIDIA H200", "llvmpipe (LLVM 15.0.6, 256 bits)", "SwiftShader Device (Subzero)"];
  expect(adapterCalled("2", names)).toBe(names[2]);
  expect(adapterCalled("H200", names)).toBe(names[0]);
  expect(adapterCalled("llvmpipe-llvm-15-0-6-256-bits-", names)).toBe(names[1]);
  expect(adapterCalled("3", names)).toBeUndefined();
  expect(adapterCalled("", names)).toBe(names[0]);
  expect(names.filter(isLavapipe)).toEqual([names[1]]);
  expect(hardwareOf({ names: names.toReversed(), told: [] })).toBe(names[0]);
  expect(hardwareOf({ names: names.slice(1), told: [] })).toBeUndefined();
});

test("with Chrome's own adapter alone, auto takes it and says why", async () => {
  const cwd = folderWith(tiny);
  const run = ["run", "tiny.json", "--adapter", "software", "--out", "out"];
  const { code, errors } = await alphasweep(run, { cwd, env: { ...auto, ...none } });
  expect([code, errors]).toEqual([
    0,
    expect.stringMatching(
      /^Chrome\/\S+, software adapter: .* \(there is no GPU; "alphasweep doctor" tells /m,
    ),
  ]);
});

test("training goes on where it began, also where auto would take another", async () => {
  const cwd = folderWith({
    ...tiny,
    train: { stepSize: 1e-6, epochs: 20_000_000 },
    record: { every: 10000 },
  });
  // Of SwiftShader by Dawn and in a browser auto takes the browser's.
  const env = { ...auto, ...(await softwareVulkan()) };
  const begun = new Running(["run", "tiny.json", "--runtime", "node", "--out", "out"], { cwd, env });
  await begun.printed(/\d+ %, 0\/1 runs done/);
  begun.kill("SIGTERM");
  expect((await begun.outcome()).code).toBe(130);
  const again = new Running(["run", "tiny.json", "--out", "out", "--resume"], { cwd, env });
  await again.printed(/going on from/);
  again.kill("SIGTERM");
  expect((await again.outcome()).errors).toMatch(/^Node\/\S+ with Dawn, software adapter: /m);
});

test("an adapter's name is Dawn's, whatever the runtime", async () => {
  const cwd = folderWith(tiny);
  const run = ["run", "tiny.json", "--adapter", "SwiftShader", "--out", "out"];
  const env = { ...auto, ...(await softwareVulkan()) };
  const { code, errors } = await alphasweep(run, { cwd, env });
  expect([code, errors]).toEqual([
    0,
    expect.stringMatching(/^tiny: 1 run\nNode\/\S+ with Dawn, software adapter: \S.*\n(100 %.*\n)?$/),
  ]);
});

test("doctor measures each adapter, tells what is wrong with drivers, and what would be faster", async () => {
  const icd = join(temporaryFolder(), "broken.json");
  writeFileSync(
    icd,
    JSON.stringify({
      file_format_version: "1.0.0",
      ICD: { library_path: "/nowhere/driver.so", api_version: "1.1" },
    }),
  );
  const env = { ...auto, VK_DRIVER_FILES: icd, VK_ICD_FILENAMES: icd };
  const { code, output } = await alphasweep(["doctor", "--adapter", "software"], { env });
  expect(code).toBe(0);
  expect(output).toMatch(
    /^chrome +Chrome\/\S+, software adapter: .*\n +a step of 64 runs of 100 x 250 takes \d+ us, at most [\d.]+ GFLOP\/s, memory [\d.]+ GB\/s, a dispatch [\d.]+ us$/m,
  );
  expect(output).toMatch(/^drivers +.*\/nowhere\/driver\.so/m);
  if (process.platform === "linux") expect(output).toMatch(/^faster +.*apt-get install mesa-vulkan-drivers/m);
  expect(output).toMatch(/^runs in +Chrome\/\S+: there is no GPU; /m);
});
