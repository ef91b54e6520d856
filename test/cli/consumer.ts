/** A folder that alphasweep is installed in as a library, with the packages that it imports and none that only the command needs. */

import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { builtPackage } from "../harness/built-package.ts";

const libraryPackages = [
  "@observablehq/plot",
  "@valibot/to-json-schema",
  "@webgpu/types",
  "d3",
  "highs",
  "hyparquet",
  "hyparquet-writer",
  "ml-matrix",
  "pako",
  "valibot",
  "webgpu",
];

/** Makes such a folder, for the caller to remove. */
export function consumerFolder(): string {
  const consumer = mkdtempSync(join(tmpdir(), "alphasweep-consumer-"));
  const installed = join(consumer, "node_modules", "alphasweep");
  for (const part of ["dist/library", "dist/module"])
    cpSync(join(builtPackage(), part), join(installed, part), { recursive: true });
  cpSync(join(packageRoot, "package.json"), join(installed, "package.json"));
  for (const name of libraryPackages) {
    const to = join(consumer, "node_modules", name);
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(join(packageRoot, "node_modules", name), to);
  }
  writeFileSync(join(consumer, "package.json"), '{"type":"module","dependencies":{"alphasweep":"*"}}');
  return consumer;
}
