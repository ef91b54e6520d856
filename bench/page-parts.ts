import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Files of a built page that it cannot begin without: itself, and what it names. The rest comes when it is asked for. */
export function beginning(folder: string, page = "index.html"): string[] {
  const html = readFileSync(join(folder, page), "utf8");
  return [page, ...Array.from(html.matchAll(/(?:src|href)="\.\/([^"]+)"/g), ([, path]) => path)];
}
