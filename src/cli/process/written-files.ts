import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { folderFiles } from "../../results/folder.ts";
import { bytesText } from "./number-text.ts";

/** What lies in a results folder, one line a file; the figures are one line together. */
export function writtenText(folder: string): string {
  const lines = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== folderFiles.lock)
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry): [string, string][] => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return [[entry.name, bytesText(statSync(path).size)]];
      const inside = readdirSync(path).sort();
      if (inside.length > 4) return [[`${entry.name}/`, `${inside.length} files`]];
      return inside.map((name) => [`${entry.name}/${name}`, bytesText(statSync(join(path, name)).size)]);
    });
  const width = Math.max(...lines.map(([name]) => name.length));
  return [`in ${folder}:`, ...lines.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`)].join("\n");
}
