import type { MatrixModel } from "../../document/types.ts";
import type { Member } from "../../plan/cohort.ts";
import type { Measurable } from "../measurable.ts";
import type { CohortContext } from "../model.ts";
import { norm } from "../roundoff.ts";
import type { Executor } from "./compile.ts";
import type { Coordinates } from "./coordinates.ts";
import type { MatrixFeatures } from "./making.ts";
import { evaluate } from "./program.ts";
import { type MatrixStart, factorsOfRun, matrixStart, startMatrix } from "./start.ts";

interface Given {
  /** Of runs that many floats apart. */
  state: GPUBuffer;
  stride: number;
  starts: readonly MatrixStart[];
  features: MatrixFeatures;
  linearized: Omit<Measurable["linearized"], "distance">;
}

type Measured = Pick<Measurable, "weights" | "linearized" | "conserved" | "finalWeights" | "finalPredictor">;

/** Norms of weights and of their displacements, what the flow conserves, and how a run ends. */
export function measureMatrix(
  { recorder }: CohortContext,
  executor: Executor,
  coordinates: Coordinates,
  { state, stride, starts, features, linearized }: Given,
): Measured {
  const { fields, gap, gapSum, size, copies } = coordinates;
  const { parameters } = starts[0].shapes;
  const { unbiased } = features;
  /** Columns of all fields but a, in one dispatch. */
  const field = (place: number) =>
    recorder.norms("state", () => ({
      buffer: state,
      ...{ length: parameters, stride, offset: parameters, fields: fields - 1 },
    })) +
    3 * (place - 1);
  const halfPair = (x: number, y: number) => Math.hypot(x, y) / Math.SQRT2;
  const weights = () =>
    recorder.norms("weights", () => {
      for (const maker of executor.makers("weights", "weights")) recorder.add(maker);
      return {
        buffer: executor.work,
        ...{ length: parameters, stride: size, offset: copies.at, fields: unbiased ? 2 : 1 },
      };
    });
  const ofCopies = (kind: "l1" | "l2") => {
    const column = weights();
    return (record: Parameters<ReturnType<Measured["weights"]["l1"]>>[0]) => {
      const one = record.norm(column)[kind];
      const other = unbiased ? record.norm(column + 3)[kind] : 0;
      return starts[record.position].unit * (kind === "l1" ? one + other : Math.hypot(one, other));
    };
  };
  return {
    weights: {
      l1: () => ofCopies("l1"),
      l2: () => ofCopies("l2"),
      distance: () => {
        const [first, second] = [field(1), field(2)];
        return (record) => {
          const { unit, displacement: k } = starts[record.position];
          return unbiased
            ? unit * k * halfPair(record.norm(first).l2, k * record.norm(second).l2)
            : unit * record.norm(first).l2;
        };
      },
    },
    linearized: {
      ...linearized,
      distance: () => {
        const [e, s] = [field(gap), field(gapSum || 2)];
        return (record) => {
          const { unit, displacement: k } = starts[record.position];
          return unbiased
            ? unit * k ** 2 * halfPair(k * record.norm(e).l2, record.norm(s).l2)
            : unit * record.norm(e).l2;
        };
      },
    },
    conserved: () => {
      const { changes } = coordinates.conserved;
      const columns = changes.map(({ at, rows }, place) =>
        recorder.norms(`conserved ${place}`, () => {
          if (place === 0) for (const maker of executor.makers("conserved", "conserved")) recorder.add(maker);
          const length = rows * rows;
          return { buffer: executor.work, ...{ length, stride: size, offset: at, fields: 1 } };
        }),
      );
      const before = starts.map((start) => conservedStarts(start, features));
      return (record) =>
        Math.max(
          ...columns.map((column, place) => {
            const own = before[record.position];
            return record.norm(column).l2 / own[place % own.length];
          }),
        );
    },
    finalWeights: weightsOf,
    finalPredictor: (values, member) => predictorOf(coordinates, values, member),
  };
}

/** What changes of conserved quantities are measured against, in the run's units. */
function conservedStarts(
  { shapes: { factors }, weights, unit }: MatrixStart,
  { unbiased, symmetric }: MatrixFeatures,
): number[] {
  const entry = (l: number, i: number, j: number) =>
    weights[factors[l].offset + i * factors[l].columns + j] / unit;
  if (unbiased && (symmetric || factors.length === 2)) {
    // |U^T U + V^T V|, or |U^T U|; V is W_1^T.
    const width = symmetric ? factors[0].columns : factors[0].rows;
    const gram = new Float64Array(width * width);
    factors.forEach(({ rows, columns }, l) => {
      const isU = symmetric || l === 1;
      for (let i = 0; i < (isU ? rows : columns); i++)
        for (let a = 0; a < width; a++)
          for (let b = 0; b < width; b++)
            gram[a * width + b] += isU ? entry(l, i, a) * entry(l, i, b) : entry(l, a, i) * entry(l, b, i);
    });
    return [norm(gram)];
  }
  const squares = factors.map(
    ({ rows, columns, offset }) =>
      norm(weights.subarray(offset, offset + rows * columns).map((weight) => weight / unit)) ** 2,
  );
  return squares.slice(1).map((square, l) => square + squares[l]);
}

/** A run's weights at its end, w+ then w-. */
function weightsOf(state: Float32Array, member: Member): Float64Array {
  const { shapes, unit, displacement: k } = matrixStart(member);
  const { parameters } = shapes;
  const part = (place: number) => (i: number) => state[place * parameters + i];
  const [a, first, second] = [part(0), part(1), part(2)];
  if (!(member.run.model as MatrixModel).unbiased)
    return Float64Array.from({ length: parameters }, (_, i) => unit * (a(i) + first(i)));
  return Float64Array.from({ length: 2 * parameters }, (_, place) => {
    const i = place % parameters;
    const half = (k * first(i)) / 2;
    return unit * (a(i) + (k * k * second(i)) / 2 + (place < parameters ? half : -half));
  });
}

/** A W at a run's end, [rows, columns], in float64; less that at the start where the document subtracts it. */
function predictorOf(coordinates: Coordinates, state: Float32Array, member: Member): Float64Array {
  const start = matrixStart(member);
  const { unbiased, symmetric } = member.run.model as MatrixModel;
  const numbers = new Float64Array(coordinates.size);
  numbers.set(state);
  const factors = factorsOfRun(member, start);
  for (const operation of coordinates.forward) evaluate(operation, numbers, factors);
  const { at, rows, columns } = coordinates.predictor;
  const change = numbers.slice(at, at + rows * columns);
  if (unbiased || member.run.init.subtract) return change;
  const W0 = startMatrix(start, symmetric);
  return change.map((entry, cell) => entry + start.A * W0[cell]);
}
