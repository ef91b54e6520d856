/**
 * With DENO=1: the library on a third implementation of WebGPU, that of Deno: wgpu with naga, which Firefox has, too. It is
 * installed for the test alone, since it has 90 MB. What it trains is held to the guard's derived bounds, and to Dawn on the
 * same adapter: lavapipe where that is installed, else the one that Chrome brings.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { type Guard, guardOf } from "../../src/guard/guard.ts";
import { softwareVulkan } from "./command.ts";
import { consumerFolder } from "./consumer.ts";

const version = "2.9.6";

/** Prints what a document trains to, in Deno and in Node alike. */
const trainer = `
  import { readExperiment, trainInMemory } from "alphasweep";
  const { Deno } = globalThis;
  const dawn = async () => {
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    // Kept alive: Dawn crashes otherwise.
    return (globalThis.kept = create([]));
  };
  const gpu = Deno ? navigator.gpu : await dawn();
  const [text] = Deno ? Deno.args : process.argv.slice(2);
  const { runs, history, arrays, manifest } = await trainInMemory(readExperiment(JSON.parse(text), "document"), { gpu });
  const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value, String) : value);
  console.log(JSON.stringify({ runs, history, arrays, adapter: manifest.adapter }, plain));
  if (!Deno) process.exit();
`;

interface Trained {
  runs: { columns: { status: string[] } };
  history: { columns: Record<string, string[]> };
  arrays: Partial<Record<string, { data: string[] }>>;
  adapter: { device: string; description: string };
}

let folder: string;
let env: NodeJS.ProcessEnv;

/** Lavapipe's driver alone, or else Chrome's. */
async function softwareDriver(): Promise<NodeJS.ProcessEnv> {
  const drivers = "/usr/share/vulkan/icd.d";
  const lavapipe = existsSync(drivers) && readdirSync(drivers).find((name) => name.startsWith("lvp_icd"));
  if (!lavapipe) return softwareVulkan();
  const file = join(drivers, lavapipe);
  return { VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file };
}

function run(command: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...env, DENO_DIR: join(folder, "deno"), DENO_NO_UPDATE_CHECK: "1" },
  });
  if (status !== 0) throw new Error(`${command} ${words.join(" ")}: ${stderr}`);
  return stdout;
}

const inDawn = (document: Json): Trained =>
  JSON.parse(run(process.execPath, ["train.js", JSON.stringify(document)])) as Trained;

const inDeno = (document: Json): Trained => {
  const deno = ["deno/node_modules/deno/bin.cjs", "run", "--allow-all", "--no-prompt", "--unstable-webgpu"];
  return JSON.parse(run(process.execPath, [...deno, "train.js", JSON.stringify(document)])) as Trained;
};

/** The guard of the sweep, whose run Deno trains. */
const guardedInDeno = (document: Json): Promise<Guard> =>
  guardOf(readExperiment(document, "document"), new Map(), (own) => {
    const { history, arrays } = inDeno(own);
    const times: number[] = [];
    history.columns.epoch.forEach((epoch, row) => (times[Number(epoch)] = Number(history.columns.time[row])));
    const numbers = (name: string) => arrays[name] && Float32Array.from(arrays[name].data, Number);
    return Promise.resolve({ times, predictor: numbers("predictor"), weights: numbers("weights") });
  });

/** The largest difference between two columns, over the largest finite entry. */
function differenceOf(own: readonly string[], other: readonly string[]): number {
  const largest = Math.max(...own.map((text) => Math.abs(Number(text))).filter(Number.isFinite));
  return (
    Math.max(
      ...own.map((text, row) => (text === other[row] ? 0 : Math.abs(Number(text) - Number(other[row])))),
    ) / largest
  );
}

const linear = { kind: "linear-uniform", samples: 6, dimension: 8, seed: 1 };
const train = { stepSize: 1e-3, epochs: 30 };
const record = { every: 5, quantities: ["loss", "ntk_drift", "weight_l2"], arrays: [] };
const documents: Record<string, Record<string, Json>> = {
  diagonal: { data: linear, model: { kind: "diagonal" }, train, record },
  "depth 3 in minibatches": {
    data: linear,
    model: { kind: "diagonal", depth: 3 },
    train: { ...train, batchSize: 4 },
    record,
  },
  "ReLU network": {
    data: linear,
    model: { kind: "relu", widths: [5] },
    init: { shape: "he", seed: 1 },
    train,
    record,
  },
  "matrix model": {
    data: { kind: "matrix-completion", rows: 6, columns: 5, rank: 1, observed: 18, seed: 3 },
    model: { kind: "matrix", factors: 3 },
    init: { shape: "identity" },
    train,
    record: { ...record, quantities: ["loss", "weight_l2"] },
  },
  convolution: {
    data: { kind: "digits", samples: 6, seed: 1 },
    model: {
      kind: "relu",
      layers: [{ conv: 2, size: 3, padding: 1 }, { pool: "max", size: 2 }, { dense: 3 }],
    },
    init: { shape: "he", seed: 1 },
    train: { ...train, stepSize: 1e-4 },
    record,
  },
  "gradient flow": {
    data: linear,
    model: { kind: "diagonal", depth: 3 },
    train: { method: "gradient-flow", time: 0.05, maxSteps: 500 },
    record: { every: 10, quantities: ["loss", "ntk_drift"], arrays: [] },
  },
};

if (process.env.DENO === "1") {
  beforeAll(async () => {
    env = await softwareDriver();
    folder = consumerFolder();
    writeFileSync(join(folder, "train.js"), trainer);
    // Not in the library's tree of packages, which are links to this package's own.
    const install = ["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--prefix", "deno"];
    run("npm", [...install, `deno@${version}`]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, document] of Object.entries(documents)) {
    const sweep = [{ path: "init.alpha", values: [0.3, 1, 3] }];
    test(`Deno trains as Dawn does: ${name}`, { timeout: 900_000 }, async () => {
      const [dawn, deno] = [inDawn, inDeno].map((train) => train({ name: "naga", ...document, sweep }));
      expect(deno.adapter.description).toMatch(/llvmpipe|SwiftShader/);
      expect(deno.runs.columns.status).toEqual(dawn.runs.columns.status);
      const { epoch, ...columns } = dawn.history.columns;
      expect(deno.history.columns.epoch).toEqual(epoch);
      for (const [quantity, values] of Object.entries(columns))
        expect(differenceOf(values, deno.history.columns[quantity]), quantity).toBeLessThanOrEqual(1e-7);
    });

    // Empty corners of digits leave units of a convolution at zero, where no bound is close.
    if (name === "convolution") continue;
    test(`Deno stays within what rounding explains: ${name}`, { timeout: 900_000 }, async () => {
      const guard = await guardedInDeno({ name: "naga", ...document, sweep });
      if ("omitted" in guard) throw new Error(guard.omitted);
      expect(guard.gap).toBeLessThanOrEqual(guard.bound);
    });
  }
} else {
  test("documents for Deno are documents", () => {
    for (const document of Object.values(documents))
      expect(readExperiment(document, "document").runs).toHaveLength(1);
  });
}
