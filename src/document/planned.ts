/** What the interface names and this version does not have yet. Whoever brings a feature takes its line out. */

import type { Json } from "./types.ts";

/** Values by the path that takes them; `[]` is any entry of a list. */
const plannedValues: Record<string, readonly string[]> = {};

const plannedKeys = ["search"];

export const notYet = "this version of alphasweep does not have it yet";

export const isPlannedKey = (path: string): boolean => plannedKeys.includes(path);

export function isPlannedValue(path: string, value: Json | undefined): boolean {
  const taker = path.replace(/\[\d+\]/g, "[]");
  return (
    typeof value === "string" && Object.hasOwn(plannedValues, taker) && plannedValues[taker].includes(value)
  );
}
