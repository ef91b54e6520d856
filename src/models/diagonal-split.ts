import { wholePower } from "../theory/powers.ts";
import { diagonalConserved, diagonalSplitPredictor } from "../kernels/diagonal-flow.ts";
import {
  diagonalSplitUpdate,
  diagonalSplitKernelWeights,
  diagonalSplitWeights,
} from "../kernels/diagonal-split.ts";
import type { RawRecord } from "../plan/recorder.ts";
import { type DiagonalCoordinates, type DiagonalFeatures, conservedPartner } from "./diagonal-start.ts";

/**
 * Copies that start apart, in the run's unit: a+, a-; the displacements of w+ and w-; with a twin, those less the twin's; I/I(0) - 1
 * (shaders/diagonal_split_descent.wgsl).
 */
export function splitCopies(
  D: number,
  n: number,
  { twin, decay, invariant, flow }: DiagonalFeatures,
): DiagonalCoordinates {
  let fields = 4;
  const GAP = twin ? fields : 0;
  if (twin) fields += 2;
  // Under a flow w+ and w- follow from their displacements, as well as these keep them.
  const INVARIANT = invariant && !flow ? fields++ : 0;

  return {
    fields,
    initial: ({ plus, minus, unit }) => [plus, minus].map((copy) => copy.map((value) => value / unit)),
    update: diagonalSplitUpdate,
    overrides: { DEPTH: D, FIELDS: fields, GAP, INVARIANT, DECAY: decay },
    kernelWeights: diagonalSplitKernelWeights,
    predictor: { kernel: diagonalSplitPredictor, overrides: { GAP } },

    measure({ recorder, planner, members, tables: { runTiles } }, { state }, starts) {
      const unit = (record: RawRecord) => starts[record.position].unit;
      const pair = (name: string, first: number) =>
        recorder.norms(name, () => ({
          buffer: state,
          length: n,
          stride: fields * n,
          offset: first * n,
          fields: 2,
        }));
      const weights = () =>
        recorder.norms("weights", () => {
          const out = planner.buffer("weights", 4 * members.length * 2 * n);
          recorder.add(() =>
            planner.dispatch(diagonalSplitWeights, {
              overrides: { FIELDS: fields },
              bind: { run_tiles: runTiles, state, out },
            }),
          );
          return { buffer: out, length: n, stride: 2 * n, offset: 0, fields: 2 };
        });
      return {
        weights: {
          distance: () => {
            const moved = pair("displacements", 2);
            return (record) => unit(record) * Math.hypot(record.norm(moved).l2, record.norm(moved + 3).l2);
          },
          l1: () => {
            const norms = weights();
            return (record) => unit(record) * (record.norm(norms).l1 + record.norm(norms + 3).l1);
          },
          l2: () => {
            const norms = weights();
            return (record) => unit(record) * Math.hypot(record.norm(norms).l2, record.norm(norms + 3).l2);
          },
        },
        linearDistance: () => {
          const gap = pair("gaps", GAP);
          return (record) => unit(record) * Math.hypot(record.norm(gap).l2, record.norm(gap + 3).l2);
        },
        conserved: () =>
          recorder.norms("invariant", () => {
            if (!flow)
              return { buffer: state, length: n, stride: fields * n, offset: INVARIANT * n, fields: 1 };
            const out = planner.buffer("conserved quantity", 4 * members.length * n);
            recorder.add(() =>
              planner.dispatch(diagonalConserved, {
                overrides: { DEPTH: D, FIELDS: fields, PLUS: 0 },
                bind: { run_tiles: runTiles, state, out },
              }),
            );
            return { buffer: out, length: n, stride: n, offset: 0, fields: 1 };
          }),
      };
    },

    read(state, start) {
      const weights = new Float64Array(2 * n);
      const predictor = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        const [a, b] = [start.unit * state[i], start.unit * state[n + i]];
        let plus = a + start.unit * state[2 * n + i];
        let minus = b + start.unit * state[3 * n + i];
        if (INVARIANT && D > 1) {
          const drift = state[INVARIANT * n + i];
          if (minus < 0.5 * Math.min(b, plus)) minus = conservedPartner(plus, minus, start, a, b, drift);
          else if (plus < 0.5 * Math.min(a, minus)) plus = conservedPartner(minus, plus, start, a, b, drift);
        }
        weights[i] = plus;
        weights[n + i] = minus;
        predictor[i] = start.A * (wholePower(plus, D) - wholePower(minus, D));
      }
      return { weights, predictor };
    },
  };
}
