import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/harness/closing-line.ts";
import { usedHeap } from "./test/harness/heap.ts";
import { puppeteerProvider } from "./test/harness/puppeteer-provider.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** How many cases property-based tests try, and which (test/harness/fuzz.ts). */
    fuzz: { cases: number; seed: number };
    /** Whether tables of kernels' constants are tried as wholes, not in pairs alone (`CASES=all`). */
    isThorough: boolean;
  }
}

/** test/harness/main.ts has Node keep links where vite must not look behind them either. */
const resolve = { preserveSymlinks: /--preserve-symlinks\b/.test(process.env.NODE_OPTIONS ?? "") };

/** Tests that need an adapter, in whatever implementation of WebGPU: one after the other, on one device. */
const onAdapter = {
  include: ["test/{kernels,engine}/**/*.test.ts"],
  provide: {
    fuzz: {
      cases: Number(process.env.FUZZ_CASES ?? 10_000),
      seed: process.env.FUZZ_SEED === "any" ? Date.now() : Number(process.env.FUZZ_SEED ?? 1),
    },
    isThorough: process.env.CASES === "all",
  },
  testTimeout: 300_000,
  hookTimeout: 300_000,
  isolate: false,
  fileParallelism: false,
};

const inNode = {
  environment: "node" as const,
  globalSetup: "test/harness/package-folder.ts",
  isolate: false,
  // Commands that need WebGPU take the same everywhere; what "auto" takes, its own tests say.
  env: { ALPHASWEEP_RUNTIME: "chrome" },
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/** Tests that take the longest, and hold beside each other: when the tests in the browser are done, two at a time. */
const commands = [
  ...[
    "resume-search",
    "doctor",
    "clone",
    "bench",
    "adapters",
    "own-images",
    "node-runtime",
    "reproduce",
    "library",
  ].map((name) => `cli/${name}`),
  "shaders/tint",
].map((name) => `test/${name}.test.ts`);

export default defineConfig({
  resolve,
  test: {
    reporters: ["default", new ClosingLine()],
    projects: [
      // Asked for by name (test/harness/main.ts): not every machine has it.
      ...(process.argv.includes("lavapipe")
        ? [
            {
              resolve,
              test: {
                name: "lavapipe",
                environment: "node",
                setupFiles: "test/harness/lavapipe.ts",
                ...onAdapter,
                include: [...onAdapter.include, "test/dawn/**/*.test.ts"],
                // A page's buffers and heap.
                exclude: ["test/engine/leaks.test.ts"],
              },
            },
          ]
        : []),
      {
        resolve,
        test: {
          name: "node",
          ...inNode,
          include: [
            "test/{data,document,losses,structure,search,theory,results,cluster,cli,figures,shaders}/**/*.test.ts",
          ],
          exclude: commands,
        },
      },
      {
        resolve,
        test: {
          name: "commands",
          ...inNode,
          include: commands,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        server: {
          headers: {
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
          },
        },
        optimizeDeps: { include: ["valibot", "ml-matrix", "pako"] },
        test: {
          name: "chrome",
          ...onAdapter,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: puppeteerProvider,
            commands: { usedHeap },
            instances: [{ browser: "chrome" }],
          },
        },
      },
    ],
  },
});
