import { type MinimumNuclear, minimumNuclear } from "../src/theory/index.ts";
import { l2Norm } from "../src/theory/norms.ts";
import { matrixProblem } from "../src/quantities/nuclear-minima.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun } from "./evidence.ts";
import { above, below, between } from "./expectation.ts";
import { datasetOf, once } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

const [full, small] = ["arora-figure-2", "arora-figure-2-small"] as const;
type Document = typeof full | typeof small;

const at = (evidence: Evidence, document: Document, observed: number, factors: number): RecordedRun =>
  recordedRun(evidence[document], { "data.observed": observed, "model.factors": factors });

const error = (evidence: Evidence, document: Document, observed: number, factors: number): number =>
  at(evidence, document, observed, factors).last("reconstruction_error");

const leastOf = once((run): MinimumNuclear => minimumNuclear(matrixProblem(datasetOf(run))));

/** |W - W*| / |W*| of the solution of least nuclear norm. */
function leastError(evidence: Evidence, document: Document, observed: number): number {
  const run = at(evidence, document, observed, 2);
  const truth = datasetOf(run).betaStar!;
  return l2Norm(leastOf(run).W.map((entry, cell) => entry - truth[cell])) / l2Norm(truth);
}

/** Numbers that decide: entries, the error of two factors, by how much more wrong the least norm is, and how much rank is left. */
interface Known {
  few: number;
  many: number;
  two: number;
  least: number;
  rank: number;
}

/** What is said of one document: from `many` entries products of more factors are right, from `few` they are not. */
const claimsOf = (document: Document, { few, many, two, least, rank }: Known) => [
  {
    says: `${many} entries: the error of two factors`,
    expected: between(two, 0.5),
    measure: (evidence: Evidence) => error(evidence, document, many, 2),
  },
  ...[3, 4].map((factors) => ({
    says: `${many} entries: the error of ${factors} factors`,
    expected: below(0.02),
    measure: (evidence: Evidence) => error(evidence, document, many, factors),
  })),
  {
    says: `${many} entries: the error of the least nuclear norm over that of three factors`,
    expected: above(least),
    measure: (evidence: Evidence) =>
      leastError(evidence, document, many) / error(evidence, document, many, 3),
  },
  {
    says: `${many} entries: the nuclear norm of three factors over the least one, which they do not look for`,
    expected: above(1e-3),
    measure: (evidence: Evidence) => at(evidence, document, many, 3).last("excess_nuclear"),
  },
  {
    says: `${many} entries: the effective rank of two factors over that of three`,
    expected: above(rank),
    measure: (evidence: Evidence) =>
      at(evidence, document, many, 2).last("effective_rank") /
      at(evidence, document, many, 3).last("effective_rank"),
  },
  {
    says: `${few} entries: the error of three factors less that of two: more factors are worse`,
    expected: above(0.1),
    measure: (evidence: Evidence) => error(evidence, document, few, 3) - error(evidence, document, few, 2),
  },
];

const knownOf: Record<Document, Known> = {
  [full]: { few: 1000, many: 2000, two: 0.05, least: 10, rank: 1.2 },
  [small]: { few: 50, many: 130, two: 0.008, least: 3, rank: 1.03 },
};

const source = "Arora et al. 2019, Figures 1 and 2";

export const aroraFigure2: Reproduction = {
  id: "arora-figure-2",
  title: "Depth completes matrices that the least nuclear norm does not",
  source,
  documents: [full, small],
  isLong: true,
  figures: ["completion-against-observations", "loss"],
  claims: [
    ...holding(`${source}: 100 x 100`, claimsOf(full, knownOf[full])),
    ...holding(`${source}: 20 x 20`, claimsOf(small, knownOf[small])),
  ],
  // Of the large one a step, of the small one what is needed.
  shortened: {
    [full]: {
      "data.rows": 6,
      "data.columns": 6,
      "sweep[0].values": [[18, 2, 0.1, 0.1]],
      "train.epochs": 1,
      "data.rank": 1,
    },
    [small]: {
      "sweep[0].values": [
        [50, 2, 0.007071, 0.312],
        [50, 3, 0.02236, 0.0768],
        [130, 2, 0.007071, 0.812],
        [130, 3, 0.02236, 0.2],
      ],
    },
  },
  shortClaims: holding(
    `${source}: 20 x 20`,
    claimsOf(small, knownOf[small]).filter(({ says }) => !says.includes("4 factors")),
  ),
};
