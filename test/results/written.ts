import { ResultsWriter } from "../../src/results/writer.ts";
import { blockOf, experimentOf, origin } from "./experiment.ts";

/** Writes a folder of three runs, alpha 0.5, 1 and 2, of which the second diverges at its first record. */
export function writeThreeRuns(folder: string, options: { csv?: boolean } = {}): void {
  const writer = new ResultsWriter(folder, experimentOf(), origin, options);
  const quantities = (record: number) => ({
    loss: (run: number) => (run + 1) / 1000 ** record,
    ntk_drift: () => record,
  });
  // Entry [i, j] of run r's kernel at record k is 100 r + 10 k + 2 i + j.
  const kernels = (runs: number[], record: number) =>
    Float32Array.from(runs.flatMap((run) => [0, 1, 2, 3].map((entry) => 100 * run + 10 * record + entry)));
  writer.record(blockOf([0, 1, 2], 0, quantities(0), kernels([0, 1, 2], 0)));
  writer.record(blockOf([0, 2], 1, quantities(1), kernels([0, 2], 1)));
  writer.end({
    runs: Uint32Array.of(0, 1, 2),
    status: ["finished", "diverged", "finished"],
    epochs: Float64Array.of(2, 0, 2),
    time: Float64Array.of(0.2, 0, 0.2),
    arrays: { predictor: { shape: [3], data: Float32Array.of(1, 2, 3, NaN, NaN, NaN, 4, 5, 6) } },
  });
  writer.finish({ status: "finished", seconds: 1, kernels: {} });
}
