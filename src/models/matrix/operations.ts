import { type Member, batchSize } from "../../plan/cohort.ts";
import type { Needs } from "../measurable.ts";
import { featuresOf } from "./compile.ts";
import { coordinatesOf } from "./coordinates.ts";
import type { Operation } from "./program.ts";
import { matrixStart } from "./start.ts";

/** Multiplications and additions of an epoch: those of a step's own list, which is short where no linearized model is trained beside. */
export function operationsOfMatrix(member: Member, needs: Needs): number {
  const { dataset, run } = member;
  const { forward, backward } = coordinatesOf(matrixStart(member).shapes, featuresOf(member, needs));
  const step = [...forward, ...backward].reduce((sum, operation) => sum + operationsOf(operation), 0);
  const batches = Math.ceil(dataset.samples / batchSize(run, dataset.samples));
  const measured = dataset.matrix!.cells ? dataset.samples : dataset.samples * dataset.inputs;
  return batches * step + 4 * measured;
}

const operationsOf = ({ matrix, terms }: Operation): number =>
  matrix.rows * matrix.columns * terms.reduce((sum, { right }) => sum + 2 * (right?.rows ?? 1), 0);
