/** What the page opens with: the built-in sweep over alpha, recorded so that it can be watched. */

import sweepText from "../../experiments/alpha-sweep.json?raw";
import type { Json } from "../../src/document/types.ts";
import { documentText } from "./document-text.ts";

/** As many records as a curve needs, spaced in the logarithm of the epoch as its axis is. */
const records = 120;
const quantities = ["loss", "weight_distance", "linear_distance", "ntk_drift"];

export function startDocument(): string {
  const { $schema: _, ...document } = JSON.parse(sweepText) as { [key: string]: Json };
  return documentText({ ...document, record: { every: { log: records }, quantities, arrays: ["ntk"] } });
}
