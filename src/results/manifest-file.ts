import { join } from "node:path";
import { folderFiles } from "./folder-files.ts";
import { Replacement } from "./replacement.ts";
import type { Manifest } from "./types.ts";

/** Writes manifest.json: whole or not at all. */
export function writeManifest(directory: string, manifest: Manifest): void {
  const file = new Replacement(join(directory, folderFiles.manifest));
  file.append(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`, "utf8"));
  file.finish();
}
