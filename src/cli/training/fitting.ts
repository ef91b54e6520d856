/** Whether an experiment fits the adapter and the disk. */

import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DocumentError } from "../../document/error.ts";
import type { AdapterReport } from "../../gpu/adapter.ts";
import { type Prediction, predict } from "../../prediction.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import { bytesText, countText } from "../process/number-text.ts";

/** Largest storage binding of an adapter, in bytes. */
const mostBound = ({ limits }: AdapterReport): number =>
  Math.min(limits.maxStorageBufferBindingSize ?? Infinity, limits.maxBufferSize ?? Infinity);

/**
 * Predicts what an experiment takes.
 *
 * @param folder where its results will lie
 * @throws DocumentError where the adapter or the disk cannot hold it
 */
export async function fit(
  { experiment, files, name }: OpenedExperiment,
  adapter: AdapterReport,
  folder: string,
): Promise<Prediction> {
  try {
    const prediction = await predict(experiment, files, mostBound(adapter));
    const room = roomFor(folder);
    // How many records a flow has is known at its end.
    const isExact = experiment.runs.every(({ train }) => train.method === "gradient-descent");
    if (isExact && prediction.arrays > room)
      throw new DocumentError(
        "record.arrays",
        `takes ${bytesText(prediction.arrays)}; the disk of ${folder} has ${bytesText(room)} left: record fewer epochs or arrays`,
      );
    return prediction;
  } catch (error) {
    throw error instanceof DocumentError && error.file === undefined ? error.in(name) : error;
  }
}

/** Bytes that the disk of a folder, which need not exist, has left. */
function roomFor(folder: string): number {
  let path = resolve(folder);
  while (!existsSync(path)) path = dirname(path);
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Name and value of each line that `doctor` prints of it. */
export function predictionLines(
  { runs, parts, memory, memoryOfRun, binding, arrays, records }: Prediction,
  adapter: AdapterReport,
  isSearch: boolean,
): [string, string][] {
  const inParts = parts === 1 ? "together" : `in ${countText(parts)} parts, one after the other`;
  return [
    ["runs", `${countText(runs)}${isSearch ? " in the largest round" : ""}, trained ${inParts}`],
    ["memory", `at most ${bytesText(memory)} of buffers at once, ${bytesText(memoryOfRun)} a run`],
    ["binding", `at most ${bytesText(binding)}, of ${bytesText(mostBound(adapter))} that the adapter binds`],
    [
      "disk",
      `${bytesText(arrays)} of arrays, and at most ${bytesText(records)} of records while they are written`,
    ],
  ];
}
