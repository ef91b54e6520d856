/** How the pages are built: by the command, into a cache, and by `npm run build`, into dist. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { InlineConfig, Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";
import { packageRoot, preserveSymlinks } from "./src/cli/process/package-root.ts";

/** `headless`: the engine, for the command. `index`: the viewer. `report`: the report's template, one file. */
export const pages = ["headless", "index", "report"] as const;
export type Page = (typeof pages)[number];

const viewer = join(packageRoot, "viewer");

/** What jspdf loads where it is given HTML; it is given drawings. */
const absent = join(viewer, "paper", "absent.ts");
const alias = { html2canvas: absent, dompurify: absent, canvg: absent };

/** How everything is built that a browser loads. */
const forBrowsers = {
  emptyOutDir: true,
  target: "es2023",
  modulePreload: { polyfill: false },
  reportCompressedSize: false,
  chunkSizeWarningLimit: 10_000,
} as const;

/** Names of packages, which need not be there: some are for other systems, or for work on alphasweep itself. */
const packages = /^(?![./]|\w:|\0)/;

/** All that a page begins with in one file: sixty small ones, one a set of parts that share it, are asked for one by one. */
const first = { name: "first", tags: ["$initial" as const] };

/** The build of one page into a folder. */
export const pageConfiguration = (page: Page, folder: string): InlineConfig => ({
  root: viewer,
  base: "./",
  configFile: false,
  envDir: false,
  logLevel: "error",
  resolve: { preserveSymlinks, alias },
  plugins: page === "report" ? [viteSingleFile({ removeViteModuleLoader: true })] : [],
  // Workers, too, fetch what only some need.
  worker: { format: "es" },
  build: {
    outDir: folder,
    ...forBrowsers,
    rolldownOptions: {
      input: join(viewer, `${page}.html`),
      ...(page === "index" && { output: { codeSplitting: { groups: [first] } } }),
    },
  },
});

/** Packages that are more than modules, or that only few commands load: for work on alphasweep itself, peers of the bench. */
const apart = /^(@puppeteer\/browsers|@resvg\/|@jax-js\/|@tensorflow\/|highs|vite|webgpu)/;

/**
 * The build of the command into a folder, and in it the packages that are modules and nothing else: to find and read their five
 * hundred files one by one takes each command longer.
 */
export const commandConfiguration = (folder: string): InlineConfig => ({
  root: packageRoot,
  configFile: false,
  envDir: false,
  logLevel: "error",
  resolve: { preserveSymlinks },
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: join(packageRoot, "src", "cli", "main.ts"),
    outDir: folder,
    emptyOutDir: true,
    target: "node20",
    rolldownOptions: { external: apart },
  },
});

/** What the package's library has an entry for each of: "alphasweep", "alphasweep/theory", "alphasweep/viewer", "alphasweep/node". */
const libraryEntries = {
  index: "src/index.ts",
  theory: "src/theory/index.ts",
  viewer: "viewer/index.ts",
  node: "src/node.ts",
};

/** Shaders without their comments, which are a third of an engine's bytes; lines keep their numbers, which errors tell. */
const plainShaders: Plugin = {
  name: "shaders without comments",
  enforce: "pre",
  load(id) {
    const [path, query] = id.split("?");
    if (!path.endsWith(".wgsl") || query !== "raw") return undefined;
    const lines = readFileSync(path, "utf8").split("\n");
    const code = lines.map((line) =>
      /^\s*\/\/ use /.test(line) ? line : line.replace(/\s*\/\/.*$/, "").trim(),
    );
    return `export default ${JSON.stringify(code.join("\n"))}`;
  },
};

const library = (folder: string, entries: Record<string, string>): InlineConfig => ({
  root: packageRoot,
  base: "./",
  configFile: false,
  envDir: false,
  logLevel: "error",
  resolve: { preserveSymlinks },
  publicDir: false,
  plugins: [plainShaders],
  worker: { format: "es" },
  build: {
    outDir: folder,
    ...forBrowsers,
    rolldownOptions: {
      input: Object.fromEntries(
        Object.entries(entries).map(([name, path]) => [name, join(packageRoot, path)]),
      ),
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js" },
    },
  },
});

/**
 * The library for Node and for bundlers; packages stay outside. As vite's library: bundlers bring preloading of their own. A file a
 * module: what a page leaves out, its bundler leaves out.
 */
export const libraryConfiguration = (folder: string): InlineConfig => {
  const { build, ...rest } = library(folder, libraryEntries);
  const { input, output } = build!.rolldownOptions!;
  return {
    ...rest,
    build: {
      ...build,
      minify: false,
      lib: { entry: input as Record<string, string>, formats: ["es"] },
      rolldownOptions: {
        output: { ...output, preserveModules: true, preserveModulesRoot: packageRoot },
        external: packages,
      },
    },
  };
};

/** Of a package that compresses, too, the half that the library takes: its bundle has both. */
const inflating = { pako: "pako/lib/inflate.js" };

/**
 * The library for a page's `<script type="module">`, and for workers, which have no document to preload by: packages within, nothing
 * to be resolved.
 */
export const moduleConfiguration = (folder: string): InlineConfig => {
  const { node: _, ...entries } = libraryEntries;
  const { resolve, build, ...rest } = library(folder, entries);
  return { ...rest, resolve: { ...resolve, alias: inflating }, build: { ...build, modulePreload: false } };
};

/** `npx vite` serves the viewer while it is worked on. */
export default {
  root: viewer,
  server: {
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  },
} satisfies InlineConfig;
