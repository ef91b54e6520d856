import type { Law } from "../src/search/laws.ts";
import { lawsOf } from "../src/search/laws.ts";
import { outcomes } from "../viewer/figures/searches.ts";
import { type Claim, holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { above, below, between, near } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

/** The published numbers of samples, by dimension. */
const published = new Map([
  [20, 83],
  [40, 209],
  [80, 497],
]);

interface Found {
  x: number;
  value: number;
  replicates: readonly number[];
}

/** The samples that each dimension needs; one that was not found is not a number. */
const found = (evidence: Evidence): Found[] =>
  outcomes(evidence["figure-11"]).map(({ point, finding: { value, replicates } }) => ({
    x: Number(point["data.dimension"]),
    value,
    replicates,
  }));

/** The largest factor between what is found and published. */
function largestFactor(evidence: Evidence): number {
  const factors = found(evidence).flatMap(({ x, value }) => {
    const known = published.get(x);
    return known === undefined ? [] : [Math.max(value / known, known / value)];
  });
  return factors.length > 0 ? Math.max(...factors) : NaN;
}

function measured(evidence: Evidence, kind: Law["kind"], of: (law: Law) => number): number {
  const points = found(evidence);
  const law = points.every(({ value }) => Number.isFinite(value))
    ? lawsOf(points).find((candidate) => candidate.kind === kind)
    : undefined;
  return law ? of(law) : NaN;
}

const resampled = "least squares through the values found; 95% intervals from resampled trials";

/** What a law says of n = 20, over what was found there. */
function shareAt20(evidence: Evidence, at: (x: number) => number): number {
  const known = found(evidence).find(({ x }) => x === 20);
  return known ? at(known.x) / known.value : NaN;
}

const linear: Claim = {
  says: "N* grows linearly in n, N* = 10.17 n − 216: what it gives at n = 20 over ours",
  where: "thesis, Figure 11",
  expected: near(1, 0.25),
  measure: (evidence) => shareAt20(evidence, (n) => 10.17 * n - 216),
  verdict: "false as written",
  truth: {
    says: "A power law describes small n too: what it gives at n = 20 over ours",
    where: resampled,
    expected: near(1, 0.1),
    measure: (evidence) => measured(evidence, "power law", ({ at }) => shareAt20(evidence, at)),
  },
};

export const figure11: Reproduction = {
  id: "figure-11",
  title: "Samples that a ReLU network needs, against the dimension",
  source: "thesis, Figure 11",
  documents: ["figure-11"],
  figures: ["search-probes", "search-found"],
  claims: [
    ...holding(
      "thesis, Figure 11, after 20000 epochs; ours after about 6000 updates, which adds 3% at n = 20",
      [
        {
          says: "N* is 83, 209, 497 at n = 20, 40, 80: the largest factor between ours and theirs",
          expected: below(1.25),
          measure: largestFactor,
        },
      ],
    ),
    linear,
    ...holding(resampled, [
      {
        says: "Power law N* ~ n^p: p",
        expected: between(1.2, 1.8),
        measure: (evidence) => measured(evidence, "power law", ({ slope }) => slope.value),
      },
      {
        says: "p is more than 1: the lower end of its interval",
        expected: above(1),
        measure: (evidence) => measured(evidence, "power law", ({ slope }) => slope.interval[0]),
      },
      {
        says: "p is less than 2: the upper end of its interval",
        expected: below(2),
        measure: (evidence) => measured(evidence, "power law", ({ slope }) => slope.interval[1]),
      },
      {
        says: "The line does not go through the origin: the upper end of its intercept's interval",
        expected: below(0),
        measure: (evidence) => measured(evidence, "line", ({ offset }) => offset.interval[1]),
      },
    ]),
  ],
  // Small dimensions, where the same laws hold, and a tenth of the training, in full batches so that no step is left over.
  isLong: true,
  shortened: {
    "figure-11": {
      "sweep[0].values": [7, 12, 20].map((dimension) => [dimension, 300]),
      "search.between": [6, 384],
      "search.ratio": 1.1,
      "train.stepSize": 0.5,
      "train.batchSize": "full",
      "data.testSamples": 500,
    },
  },
};
