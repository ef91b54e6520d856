import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every table, array and figure of a results folder, by name: not its shards, nor what tells of times and adapters. */
export function resultsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(
      (name) => /\.(parquet|csv|npy|svg|png)$|^arrays.*\.json$/.test(name) && !name.startsWith("shards"),
    )
    .sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString("base64")]));
}
