import { join } from "node:path";
import type { InlineConfig } from "vite";
import { isClone, packageRoot, preserveSymlinks } from "../src/cli/process/package-root.ts";
import { buildPage } from "../src/cli/runtimes/page-build.ts";
import { TemporaryFolder } from "../src/cli/process/temporary-folder.ts";

/** The benchmark's own page, and that of `npm run kernel`. */
export type BenchPage = "page" | "kernel/page";

/** The build of one of the benchmark's pages into a folder. */
export const benchPageConfiguration = (folder: string, page: BenchPage = "page"): InlineConfig => ({
  root: join(packageRoot, "bench"),
  base: "./",
  configFile: false,
  envDir: false,
  logLevel: "error",
  resolve: { preserveSymlinks },
  build: {
    outDir: folder,
    emptyOutDir: true,
    target: "es2023",
    // TensorFlow.js starts its threads from the text of a function, with variables of the names that its source gave them.
    minify: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: { input: join(packageRoot, "bench", `${page}.html`) },
  },
});

/** The folder of a page: built anew in a clone; dist in the npm package, which brings the benchmark's own alone. */
export async function benchPage(page?: BenchPage): Promise<{ folder: string; remove: () => void }> {
  if (!isClone) return { folder: join(packageRoot, "dist", "pages", "bench"), remove: () => {} };
  const folder = new TemporaryFolder();
  try {
    await buildPage(benchPageConfiguration(folder.path, page));
    return { folder: folder.path, remove: () => folder.remove() };
  } catch (error) {
    folder.remove();
    throw error;
  }
}
