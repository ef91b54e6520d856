import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun } from "./evidence.ts";
import { above, below } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const ofFactors = (evidence: Evidence, factors: number): RecordedRun =>
  recordedRun(evidence["arora-figure-3"], { "model.factors": factors });

/** A singular value at every record, counted from 1. */
function course({ results, row }: RecordedRun, rank: number): number[] {
  const { shape, data } = results.arrays.singular_values!;
  const [, records, size] = shape;
  const own = data.subarray(row * records * size, (row + 1) * records * size);
  return Array.from({ length: records }, (_, k) => own[k * size + rank - 1]).filter(Number.isFinite);
}

/** The epoch at which a singular value first is half of the true matrix's largest, which has 30 in all. */
const appearance = (run: RecordedRun): number =>
  run.series("epoch")[course(run, 1).findIndex((value) => value > 10)] ?? NaN;

/** The singular value after those that the data need, over the largest, where training ends. */
const rest = (evidence: Evidence, factors: number): number => {
  const run = ofFactors(evidence, factors);
  return course(run, 4).at(-1)! / course(run, 1).at(-1)!;
};

const source = "Arora et al. 2019, Figure 3 and Theorem 3";

/** What needs no array: a page's memory has none of singular values. */
const alignment = holding(source, [
  ...[
    [2, 8],
    [3, 3],
    [4, 2.5],
  ].map(([factors, least]) => ({
    says: `${factors} factors: while singular values grow the gradient points along their vectors: its largest diagonal over the rest`,
    expected: above(least),
    measure: (evidence: Evidence) => ofFactors(evidence, factors).largest("gradient_alignment"),
  })),
  ...[2, 3, 4].map((factors) => ({
    says: `${factors} factors: the same at the start, where it points nowhere`,
    expected: below(1.5),
    measure: (evidence: Evidence) => ofFactors(evidence, factors).series("gradient_alignment")[0],
  })),
]);

export const aroraFigure3: Reproduction = {
  id: "arora-figure-3",
  title: "Singular values grow one after the other, and later with depth",
  source: "Arora et al. 2019, Figure 3",
  documents: ["arora-figure-3"],
  figures: ["singular-values", "gradient-alignment"],
  claims: [
    ...alignment,
    ...holding(source, [
      {
        says: "Each factor more delays the first singular value: least ratio of its appearances at 3 and 4 factors to that with one fewer",
        expected: above(2),
        measure: (evidence) =>
          Math.min(
            ...[3, 4].map(
              (factors) =>
                appearance(ofFactors(evidence, factors)) / appearance(ofFactors(evidence, factors - 1)),
            ),
          ),
      },
      {
        says: "and leaves less of those that are not needed: the fourth over the first, 3 factors over 2",
        expected: below(0.1),
        measure: (evidence) => rest(evidence, 3) / rest(evidence, 2),
      },
      {
        says: "The same, 4 factors over 3",
        expected: below(0.9),
        measure: (evidence) => rest(evidence, 4) / rest(evidence, 3),
      },
    ]),
  ],
  shortClaims: alignment,
  isLong: true,
  shortened: {
    "arora-figure-3": {
      "train.epochs": 2900,
      "record.every": { log: 60 },
    },
  },
};
