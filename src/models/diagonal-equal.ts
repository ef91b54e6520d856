import { wholePower } from "../theory/powers.ts";
import { diagonalDescent, diagonalUpdate } from "../kernels/diagonal-descent.ts";
import { diagonalConserved, diagonalPredictor } from "../kernels/diagonal-flow.ts";
import { diagonalKernelWeights } from "../kernels/diagonal-kernel-weights.ts";
import { diagonalWeights } from "../kernels/diagonal-weights.ts";
import { type DiagonalCoordinates, type DiagonalFeatures, conservedPartner } from "./diagonal-start.ts";

/**
 * Copies that start equal, w+(0) = w-(0) = a: a; d = w+ - w-; s = w+ + w- - 2a; with a twin e = d less the twin's, and
 * with a penalty s less the twin's; I/I(0) - 1, or under a flow w+ and w- themselves; ln(a_eff/a) in two parts, and the shift, of the
 * effective start; the sum of the predictors in two parts, and their number. In the run's units: a in `unit`, d, s and e in the unit times
 * `displacement` to the first, second and third power (shaders/diagonal_descent.wgsl).
 */
export function equalCopies(
  D: number,
  n: number,
  { twin, decay, invariant, effective, average, flow }: DiagonalFeatures,
): DiagonalCoordinates {
  let fields = 3;
  const GAP = twin ? fields++ : 0;
  const GAP_SUM = twin && decay ? fields++ : 0;
  const INVARIANT = invariant ? fields : 0;
  if (invariant) fields += flow ? 2 : 1;
  const EFFECTIVE = effective ? fields : 0;
  if (effective) fields += 3;
  const AVERAGE = average ? fields : 0;
  if (average) fields += 3;
  const halfPair = (x: number, y: number) => Math.hypot(x, y) / Math.SQRT2;

  return {
    fields,
    initial: ({ plus, unit }) => {
      const a = plus.map((value) => value / unit);
      const none = new Float64Array(n);
      return invariant && flow ? [a, ...Array.from({ length: fields - 3 }, () => none), a, a] : [a];
    },
    descent: diagonalDescent,
    update: diagonalUpdate,
    overrides: { DEPTH: D, FIELDS: fields, GAP, GAP_SUM, INVARIANT, EFFECTIVE, AVERAGE, DECAY: decay },
    kernelWeights: diagonalKernelWeights,
    predictor: { kernel: diagonalPredictor, overrides: { GAP } },

    measure({ recorder, planner, members, tables: { runTiles } }, { state, runs }, starts) {
      // All fields but a in one dispatch.
      const field = (place: number) =>
        recorder.norms("state", () => ({
          buffer: state,
          length: n,
          stride: fields * n,
          offset: n,
          fields: fields - 1,
        })) +
        3 * (place - 1);
      // u = w+ + w-, then max(|u|, |d|).
      const sums = () =>
        recorder.norms("weights", () => {
          const out = planner.buffer("weights", 4 * members.length * 2 * n);
          recorder.add(() =>
            planner.dispatch(diagonalWeights, {
              overrides: { FIELDS: fields },
              bind: { run_tiles: runTiles, state, runs, out },
            }),
          );
          return { buffer: out, length: n, stride: 2 * n, offset: 0, fields: 2 };
        });
      return {
        weights: {
          distance: () => {
            const [d, s] = [field(1), field(2)];
            return (record) => {
              const { unit, displacement: k } = starts[record.position];
              return unit * k * halfPair(record.norm(d).l2, k * record.norm(s).l2);
            };
          },
          l1: () => {
            const norms = sums();
            return (record) => starts[record.position].unit * record.norm(norms + 3).l1;
          },
          l2: () => {
            const [norms, d] = [sums(), field(1)];
            return (record) => {
              const { unit, displacement: k } = starts[record.position];
              return unit * halfPair(record.norm(norms).l2, k * record.norm(d).l2);
            };
          },
        },
        linearDistance: () => {
          const [e, s] = [field(GAP), GAP_SUM ? field(GAP_SUM) : field(2)];
          return (record) => {
            const { unit, displacement: k } = starts[record.position];
            return unit * k ** 2 * halfPair(k * record.norm(e).l2, record.norm(s).l2);
          };
        },
        conserved: () =>
          flow
            ? recorder.norms("invariant", () => {
                const out = planner.buffer("conserved quantity", 4 * members.length * n);
                recorder.add(() =>
                  planner.dispatch(diagonalConserved, {
                    overrides: { DEPTH: D, FIELDS: fields, PLUS: INVARIANT },
                    bind: { run_tiles: runTiles, state, out },
                  }),
                );
                return { buffer: out, length: n, stride: n, offset: 0, fields: 1 };
              })
            : field(INVARIANT),
        averagePredictor: () => {
          const column = recorder.collected("the average predictor", () => ({
            buffer: state,
            length: 3 * n,
            stride: fields * n,
            offset: AVERAGE * n,
          }));
          return (record) => {
            const at = (part: number, i: number) => record.column(column + part * n + i);
            const updates = at(2, 0);
            return {
              updates,
              average: Float64Array.from({ length: n }, (_, i) => (at(0, i) + at(1, i)) / updates),
            };
          };
        },
        effectiveStart: async () => {
          const { EffectiveStart } = await import("../theory/effective-start.ts");
          const column = recorder.collected("the effective start", () => ({
            buffer: state,
            length: 3 * n,
            stride: fields * n,
            offset: EFFECTIVE * n,
          }));
          return (record) => {
            const { plus, A } = starts[record.position];
            const at = (part: number, i: number) => record.column(column + part * n + i);
            const start = new EffectiveStart(plus.map((value) => value * Math.sqrt(A)));
            for (let i = 0; i < n; i++) {
              start.logAlpha[i] += at(0, i) + at(1, i);
              start.shift[i] = at(2, i);
            }
            return start;
          };
        },
      };
    },

    read(state, start) {
      const weights = new Float64Array(2 * n);
      const predictor = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        const { unit, displacement: k } = start;
        const a = unit * state[i];
        const d = unit * k * state[n + i];
        const s = unit * k * k * state[2 * n + i];
        const large = a + (s + Math.abs(d)) / 2;
        let small = a + (s - Math.abs(d)) / 2;
        if (INVARIANT && D > 1 && small < 0.5 * large)
          small = flow
            ? unit * state[(d >= 0 ? INVARIANT + 1 : INVARIANT) * n + i]
            : conservedPartner(large, small, start, a, a, state[INVARIANT * n + i]);
        weights[i] = d >= 0 ? large : small;
        weights[n + i] = d >= 0 ? small : large;
        // w+^D - w-^D = d times the sum of w+^k w-^(D-1-k)
        let sum = 0;
        for (let k = 0; k < D; k++) sum += wholePower(large, k) * wholePower(small, D - 1 - k);
        predictor[i] = start.A * d * sum;
      }
      return { weights, predictor };
    },
  };
}
