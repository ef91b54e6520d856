import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where built-package.ts puts the npm package. */
    package: string;
  }
}

/** Names the folder of the package that tests build when they need it, and removes it in the end. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "alphasweep-package-"));
  project.provide("package", join(folder, "package"));
  return () => rmSync(folder, { recursive: true, force: true });
}
