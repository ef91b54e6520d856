import { stabilityLimit } from "../models/stability-limit.ts";
import { stepSize } from "../plan/cohort.ts";
import type { RawRecord } from "../plan/recorder.ts";
import { tridiagonalEigenvalues } from "../theory/tridiagonal.ts";
import type { Measure } from "./measured.ts";
import { type Kernels, ofKernels } from "./tangent-kernel.ts";

// Three quantities finish the same matrix.
const known = new WeakMap<RawRecord, Float64Array>();
function eigenvalues(record: RawRecord, { tridiagonal, steps, kernel }: Kernels): Float64Array {
  if (!known.has(record)) {
    const at = (place: number, step: number) => record.column(tridiagonal + 2 + 2 * step + place);
    const T = { diagonal: new Float64Array(steps), beside: new Float64Array(steps - 1) };
    for (let step = 0; step < steps; step++) T.diagonal[step] = at(0, step);
    for (let step = 0; step + 1 < steps; step++) T.beside[step] = at(1, step);
    const unit = kernel.unit(record.position) * record.column(tridiagonal);
    known.set(
      record,
      tridiagonalEigenvalues(T).map((value) => unit * value),
    );
  }
  return known.get(record)!;
}

const eigenvalue = (place: number) => ofKernels((record, kernels) => eigenvalues(record, kernels)[place]);

const beyond = (of: (eigenvalues: Float64Array, outputs: number) => number) =>
  ofKernels((record, kernels) => of(eigenvalues(record, kernels), record.member.dataset.outputs));

/** Eigenvalues of tangent kernels. */
export const spectrumMeasures = {
  sharpness: ofKernels((record, kernels) => {
    const [largest] = eigenvalues(record, kernels);
    return stepSize(record.member.run) / stabilityLimit(record.member, largest);
  }),
  ntk_eigenvalue_1: eigenvalue(0),
  ntk_eigenvalue_2: eigenvalue(1),
  ntk_eigenvalue_3: eigenvalue(2),
  ntk_eigenvalue_outputs: beyond((eigenvalues, outputs) => eigenvalues[outputs - 1]),
  ntk_eigenvalue_beyond: beyond((eigenvalues, outputs) => eigenvalues[outputs]),
  ntk_spectral_gap: beyond((eigenvalues, outputs) => eigenvalues[outputs - 1] / eigenvalues[outputs]),
} satisfies Record<string, Measure>;
