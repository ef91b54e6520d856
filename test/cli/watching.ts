/** What tests see of a command that writes a results folder: its files as they come, and what they hold at the end. */

import { readdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import type { Running } from "./command.ts";

/** Every file of a results folder but the report, which tells the time; the manifest without its date and seconds. */
export function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(parquet|npy|svg|png|json)$/.test(name))
    .sort();
  return Object.fromEntries(
    files.map((name) => {
      const bytes = readFileSync(join(folder, name));
      const isManifest = name === "manifest.json";
      return [
        name,
        isManifest ? bytes.toString().replace(/"(seconds|date)": .*/g, "") : bytes.toString("base64"),
      ];
    }),
  );
}

/** Wall seconds of training, as the manifest tells them. */
export const secondsOf = (folder: string): number =>
  (JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { seconds: number }).seconds;

/** Settles when it holds; rejects when the command ends before. */
export async function until(running: Running, holds: () => boolean): Promise<void> {
  let ended = false;
  void running.outcome().then(() => (ended = true));
  while (!holds()) {
    if (ended) throw new Error(`the command ended too early: ${running.errors}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Does something at once when the command writes a file of this name into a folder, however short its life is. */
export async function when(
  running: Running,
  folder: string,
  name: string,
  act: () => void = () => {},
): Promise<void> {
  let hasAppeared = false;
  const watcher = watch(folder, (_, found) => {
    if (found !== name || hasAppeared) return;
    hasAppeared = true;
    act();
  });
  try {
    await until(running, () => hasAppeared);
  } finally {
    watcher.close();
  }
}
