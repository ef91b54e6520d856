import { loadDataset } from "../../src/data/datasets.ts";
import { recordEpochs } from "../../src/document/record-epochs.ts";
import type { Files } from "../../src/engine.ts";
import type { Run } from "../../src/document/types.ts";
import { rounded } from "../../src/guard/guard.ts";
import { trainMatrix } from "../../src/models/matrix/matrix.reference.ts";
import { matrixStart } from "../../src/models/matrix/start.ts";
import { matrixBehaviour } from "../../src/models/matrix/behaviour.ts";
import { quantitiesOf } from "../theory/matrix-quantities.ts";
import type { Row } from "./experiment.ts";

/** The float64 twin's records of a run, at the epochs that the engine records, from the data and weights that float32 holds. */
export const matrixRows = (run: Run, files: Files = new Map()): Row[] => matrixRun(run, files).expected;

/** The same, and the change of W at the end. */
export function matrixRun(run: Run, files: Files): { expected: Row[]; change: Float64Array } {
  const loaded = loadDataset(run.data, files);
  const member = rounded({ run, dataset: loaded, w0: matrixBehaviour.initial(run, loaded, files) });
  const { dataset, w0 } = member;
  const batches =
    run.train.method === "gradient-descent" && run.train.batchSize !== "full"
      ? Math.ceil(dataset.samples / run.train.batchSize)
      : 1;
  const recorded = recordEpochs(run.record.every, (run.train as { epochs: number }).epochs);
  const expected: Row[] = [];
  let change: Float64Array = new Float64Array();
  trainMatrix(run, dataset, w0, (state) => {
    const epoch = state.updates / batches;
    change = state.change;
    if (recorded.includes(epoch))
      expected.push({ epoch, ...quantitiesOf(state, matrixStart(member), dataset, run.loss.reduction) });
  });
  return { expected, change };
}
