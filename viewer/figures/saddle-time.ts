/** The clock of the saddles as a column of the history: the axis of what theory says at a tau, whatever the depth and alpha. */

import type { DiagonalModel } from "../../src/document/types.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { historyRows } from "../../src/results/run-rows.ts";
import type { Results } from "../../src/results/types.ts";
import { saddleClock } from "../../src/theory/saddle-jumps.ts";
import type { Traced } from "./run-lines.ts";
import { areDiagonal, numberAt } from "./runs.ts";

/** What theory compares with at a tau. */
const ofClock: readonly string[] = ["lasso_gap"];

/** Whether quantities are to be drawn on the clock, and all runs have one. */
export const isOnClock = (results: Results, traced: readonly Traced[]): boolean =>
  traced.every(({ quantity }) => ofClock.includes(quantity)) &&
  areDiagonal(results) &&
  specifiedRuns(results).every(({ model, init, loss }) => {
    const { depth } = model as DiagonalModel;
    return (
      depth >= 2 &&
      (depth > 2 || init.alpha < 1) &&
      init.scaling === "weights" &&
      (loss.reduction ?? "mean") === "mean"
    );
  });

const known = new WeakMap<Results, Results>();

/** The same results, with `clock` in their history. */
export function withClock(results: Results): Results {
  const found = known.get(results) ?? measure(results);
  known.set(results, found);
  return found;
}

function measure(results: Results): Results {
  const { history } = results;
  const clock = new Float64Array(history.rows);
  const runs = specifiedRuns(results);
  historyRows(results).forEach((records, row) => {
    const { model, init } = runs[row];
    const speed = saddleClock((model as DiagonalModel).depth, init.alpha);
    for (const record of records) clock[record] = speed * numberAt(history.columns.time, record);
  });
  return { ...results, history: { rows: history.rows, columns: { ...history.columns, clock } } };
}
