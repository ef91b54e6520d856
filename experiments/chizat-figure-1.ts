import { median } from "d3";
import { teacherUnits } from "../src/data/teacher.dataset.ts";
import { arrayFrames } from "../src/results/array-frames.ts";
import { meanTurn, teacherAlignment, type Units } from "../src/theory/index.ts";
import { holding } from "./claim.ts";
import type { Evidence, RecordedRun } from "./evidence.ts";
import { above, below } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { trialsAt } from "./trials.ts";

const document = "chizat-figure-1";
const source = "Chizat et al. 2019, Figure 1a-b";

/** A run's hidden units at its first record and at its last. */
function unitsOf({ results, row }: RecordedRun): { first: Units; last: Units } {
  const inputs = results.arrays.neurons!.shape[3] - 1;
  const frames = arrayFrames(results, "neurons", row).map(({ values }): Units => {
    const count = values.length / (inputs + 1);
    return {
      incoming: Array.from(
        { length: count * inputs },
        (_, k) => values[Math.floor(k / inputs) * (inputs + 1) + (k % inputs)],
      ),
      outgoing: Array.from({ length: count }, (_, j) => values[j * (inputs + 1) + inputs]),
    };
  });
  return { first: frames[0], last: frames.at(-1)! };
}

/** The median over trials of a number of the students and their teachers. */
const medianAt = (
  { [document]: results }: Evidence,
  alpha: number,
  value: (run: RecordedRun) => number,
): number => median(trialsAt(results, { "init.alpha": alpha }), value)!;

function alignment(run: RecordedRun): number {
  const { data } = run.specification;
  if (data.kind !== "teacher") throw new Error("students have teachers");
  return teacherAlignment(unitsOf(run).last, teacherUnits(data)).alignment;
}

function turn(run: RecordedRun): number {
  const { first, last } = unitsOf(run);
  return meanTurn(first, last);
}

const lazy = [
  {
    says: "τ = 2: alignment of students with teachers, median of the trials",
    expected: below(0.3),
    measure: (evidence: Evidence) => medianAt(evidence, 2, alignment),
  },
  {
    says: "τ = 2: degrees by which students turn, median",
    expected: below(4),
    measure: (evidence: Evidence) => medianAt(evidence, 2, turn),
  },
];

const rich = (least: number) => [
  {
    says: "τ = 0.1: alignment of students with teachers, median of the trials",
    expected: above(least),
    measure: (evidence: Evidence) => medianAt(evidence, 0.1, alignment),
  },
  {
    says: "τ = 0.1: degrees by which students turn, median",
    expected: above(15),
    measure: (evidence: Evidence) => medianAt(evidence, 0.1, turn),
  },
];

export const chizatFigure1: Reproduction = {
  id: document,
  title: "Students find their teachers from a small start, and hardly turn from a large one",
  source,
  documents: [document],
  figures: ["neurons", "loss"],
  claims: holding(source, [
    ...rich(0.9),
    ...lazy,
    {
      says: "Both scales: largest final training loss",
      expected: below(0.02),
      measure: ({ [document]: results }) =>
        Math.max(
          ...[0.1, 2].flatMap((alpha) =>
            trialsAt(results, { "init.alpha": alpha }).map((run) => run.last("loss")),
          ),
        ),
    },
  ]),
  shortened: {
    [document]: {
      "sweep[0].values": [
        [0.1, 0.1, 500],
        [2, 0.005, 500],
      ],
    },
  },
  shortClaims: holding(source, [...rich(0.85), ...lazy]),
};
