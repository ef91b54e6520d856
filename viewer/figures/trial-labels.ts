/** What figures over trials call their settings, and own up to. */

import { sweptPaths } from "../../src/results/run-rows.ts";
import { sweptValue } from "../../src/results/specified-runs.ts";
import type { Column } from "../../src/document/table.ts";
import { layersPath } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { documentValue, formatCell, pathSymbol } from "./runs.ts";

/** Whether every trial is on the same generated data, so that nothing is seen of how datasets differ. */
export const sharesData = (results: Results): boolean =>
  documentValue(results, "data", "kind") !== "file" &&
  documentValue(results, "data", "kind") !== "idx" &&
  !sweptPaths(results).includes("data.seed");

/** What an axis of a swept path is called. */
export const axisTitle = (path: string): string =>
  path === layersPath ? "hidden layers k" : pathSymbol(path);

/** "N = 100", "k = 3". */
export function valueLabel(path: string, cell: Column[number]): string {
  const value = sweptValue(cell);
  if (path === layersPath && Array.isArray(value)) return `k = ${value.length}`;
  if (path === "model.unbiased") return cell === true ? "difference of two copies" : "one copy";
  return `${axisTitle(path)} = ${formatCell(cell)}`;
}
