import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { above, below, exactly } from "./expectation.ts";
import { datasetOf, once } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";
import { firstCrossing, largestRecoveringScale } from "../src/theory/index.ts";

const document = "woodworth-figure-3";
const depths = [2, 3, 5, 8] as const;

const exactScale = once((run, depth: number) => largestRecoveringScale(datasetOf(run), depth));

const samplesOf = ({ specification: { data } }: RecordedRun): number =>
  "samples" in data ? data.samples : NaN;
const depthOf = ({ specification: { model } }: RecordedRun): number =>
  model.kind === "diagonal" ? model.depth : NaN;

/** The runs on as many samples, alpha decreasing. */
const onSamples = (evidence: Evidence, samples: number): RecordedRun[] =>
  recordedRuns(evidence[document])
    .filter((run) => samplesOf(run) === samples)
    .sort((left, right) => right.last("init.alpha") - left.last("init.alpha"));

const counts = (evidence: Evidence): number[] => [
  ...new Set(recordedRuns(evidence[document]).map(samplesOf)),
];

/** The largest alpha that recovers, on so many samples. */
const scaleAt = (evidence: Evidence, samples: number, depth: number): number =>
  exactScale(onSamples(evidence, samples)[0], depth);

/** Whether the runs of a depth on so many samples cross the error where the exact limits do. */
function crossesThere(evidence: Evidence, samples: number, depth: number): boolean {
  const runs = onSamples(evidence, samples).filter((run) => depthOf(run) === depth);
  const exact = scaleAt(evidence, samples, depth);
  const crossing = firstCrossing(
    runs.map((run) => ({ alpha: run.last("init.alpha"), error: run.last("population_l2") })),
  );
  const low = crossing?.below.alpha ?? 0;
  const high = crossing ? (crossing.above?.alpha ?? Infinity) : runs.at(-1)!.last("init.alpha");
  return Number.isNaN(exact) ? crossing === undefined : low <= exact && exact <= high;
}

/** Depths and sample counts where they do not. */
const mismatches = (evidence: Evidence): number =>
  counts(evidence)
    .flatMap((samples) => [2, 3].map((depth) => crossesThere(evidence, samples, depth)))
    .filter((crosses) => !crosses).length;

/** The least factor from one depth's largest alpha to the next one's; NaN where nothing recovers. */
function leastGain(evidence: Evidence): number {
  const gains = counts(evidence).flatMap((samples) => {
    const scales = depths.map((depth) => scaleAt(evidence, samples, depth));
    // With the fewest samples depth 2 recovers at no alpha; that is no factor.
    return scales.slice(1).flatMap((scale, k) => (Number.isNaN(scales[k]) ? [] : [scale / scales[k]]));
  });
  return gains.length > 0 ? Math.min(...gains) : NaN;
}

export const woodworthFigure3: Reproduction = {
  id: document,
  title: "The largest α that recovers a sparse truth, against samples and depth",
  source: "Woodworth et al. 2020, Figure 3",
  documents: [document],
  figures: ["largest-recovering-alpha", "implicit-potentials", "potential-ratio"],
  claims: [
    ...holding("the flow's ends, and the exact limits on the same data", [
      {
        says: "D = 2 and 3: numbers of samples at which the runs do not recover up to the exact limits' α",
        expected: exactly(0),
        measure: mismatches,
      },
      {
        says: "Largest distance of the flow's ends to the minimizers of Q, relative, at a loss of 1e-6",
        expected: below(0.01),
        measure: (evidence) =>
          Math.max(...recordedRuns(evidence[document]).map((run) => run.last("bias_gap"))),
      },
    ]),
    ...holding("Woodworth et al. 2020, Figure 3c, by the exact limits", [
      {
        says: "More depth recovers at larger α, D = 2, 3, 5, 8: the least factor between neighbours, on any number of samples",
        expected: above(1.2),
        measure: leastGain,
      },
      {
        says: "More samples recover at larger α: D = 2, N = 50 over N = 20",
        expected: above(10),
        measure: (evidence) => scaleAt(evidence, 50, 2) / scaleAt(evidence, 20, 2),
      },
      {
        says: "With few samples depth 2 needs a tiny α, depth 3 does not: N = 20, D = 3 over D = 2",
        expected: above(10),
        measure: (evidence) => scaleAt(evidence, 20, 3) / scaleAt(evidence, 20, 2),
      },
    ]),
  ],
  isLong: true,
  shortened: {
    [document]: {
      "sweep[0].values": [20, 30, 50],
      "sweep[1].values": [
        [2, 0.002],
        [2, 0.01],
        [2, 0.05],
        [2, 0.2],
        [3, 0.1],
        [3, 0.2],
        [3, 0.5],
      ],
    },
  },
};
