/** What the page opens with: the built-in sweep over alpha, made for watching and dragging. */

import sweepText from "../../experiments/alpha-sweep.json?raw";
import type { Json } from "../../src/document/types.ts";
import { documentText } from "./document-text.ts";

/** As many records as a curve needs, spaced in the logarithm of the epoch as its axis is. */
const records = 120;
const quantities = ["loss", "weight_distance", "linear_distance", "ntk_drift"];
const description =
  "From the rich to the kernel regime: tangent kernel drift and weight distance of a diagonal network over the scale of its initialization (the thesis's Section 4).";
/** Few enough to stand side by side on a phone, on an axis of their own, so that its ends can be dragged. */
const sweep = [{ path: "init.alpha", values: [0.05, 0.1, 0.5, 1, 5] }];

export function startDocument(): string {
  const { $schema: _, ...document } = JSON.parse(sweepText) as { [key: string]: Json };
  return documentText({
    ...document,
    description,
    record: { every: { log: records }, quantities, arrays: ["ntk"] },
    sweep,
  });
}
