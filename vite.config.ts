/** How the pages are built: by the command, into a cache, and by `npm run build`, into dist. */

import { fileURLToPath } from "node:url";
import type { InlineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";
import { preserveSymlinks } from "./src/cli/package-root.ts";

/** `headless`: the engine, for the command. `index`: the viewer. `report`: the report's template, one file. */
export const pages = ["headless", "index", "report"] as const;
export type Page = (typeof pages)[number];

const viewer = fileURLToPath(new URL("viewer", import.meta.url));

/** What jspdf loads where it is given HTML; it is given drawings. */
const absent = fileURLToPath(new URL("viewer/paper/absent.ts", import.meta.url));
const alias = { html2canvas: absent, dompurify: absent, canvg: absent };

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
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: { input: fileURLToPath(new URL(`viewer/${page}.html`, import.meta.url)) },
  },
});

/** The build of the command into a folder; packages stay outside. */
export const commandConfiguration = (folder: string): InlineConfig => ({
  root: fileURLToPath(new URL(".", import.meta.url)),
  configFile: false,
  envDir: false,
  logLevel: "error",
  resolve: { preserveSymlinks },
  publicDir: false,
  build: {
    ssr: fileURLToPath(new URL("src/cli/main.ts", import.meta.url)),
    outDir: folder,
    emptyOutDir: true,
    target: "node20",
  },
});

/** `npx vite` serves the viewer while it is worked on. */
export default {
  root: viewer,
  server: {
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  },
} satisfies InlineConfig;
