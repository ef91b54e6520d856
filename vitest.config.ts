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

export default defineConfig({
  resolve,
  test: {
    reporters: ["default", new ClosingLine()],
    projects: [
      {
        resolve,
        test: {
          name: "node",
          environment: "node",
          globalSetup: "test/harness/package-folder.ts",
          isolate: false,
          include: [
            "test/{data,document,losses,structure,search,theory,results,cluster,cli,figures,shaders}/**/*.test.ts",
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
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
          provide: {
            fuzz: {
              cases: Number(process.env.FUZZ_CASES ?? 10_000),
              seed: process.env.FUZZ_SEED === "any" ? Date.now() : Number(process.env.FUZZ_SEED ?? 1),
            },
            isThorough: process.env.CASES === "all",
          },
          include: ["test/{kernels,engine}/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          isolate: false,
          fileParallelism: false,
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
