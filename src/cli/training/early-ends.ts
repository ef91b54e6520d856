import type { Table } from "../../document/table.ts";
import type { Run } from "../../document/types.ts";
import { countText, numberText } from "../process/number-text.ts";

/** Times are float32's. */
const OVER = 1 - 1e-6;

/** Tells of flows that took all their steps before their time was over: they end as "finished" all the same. */
export function earlyEndsText(specified: readonly Run[], { rows, columns }: Table): string | undefined {
  // A shard has its own runs alone, by their places in the whole.
  const trainings = new Map(specified.map(({ index, train }) => [index, train]));
  const ends = Array.from({ length: rows }, (_, row) => {
    const run = Number(columns.run[row]);
    const train = trainings.get(run)!;
    const goal = train.method === "gradient-flow" ? (train.time ?? 0) : 0;
    return { run, goal, time: Number(columns.time[row]), status: columns.status[row] };
  }).filter(({ goal, time, status }) => status === "finished" && time < OVER * goal);
  if (ends.length === 0) return undefined;
  const first = ends.reduce((one, other) => (other.time / other.goal < one.time / one.goal ? other : one));
  return (
    `${ends.length === 1 ? "one run" : `${countText(ends.length)} runs`} took all of train.maxSteps before train.time was over: ` +
    `run ${first.run} came to ${numberText(first.time)} of ${numberText(first.goal)}`
  );
}
