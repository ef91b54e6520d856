import { type Claim, holding } from "./claim.ts";
import type { Evidence, RecordedRun } from "./evidence.ts";
import { above, below, near } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt } from "./trials.ts";

/** Means of |w|_1 and of |w|_1 / |w|_2. */
type Entry = readonly [samples: number, scale: number, l1: number, ratio: number];

/** Float64, ten other datasets with twenty initializations each. */
const table: readonly Entry[] = [
  [200, 1, 177.4, 10.01],
  [200, 0.1, 60.2, 5.72],
  [200, 0.01, 49.4, 4.8],
  [100, 1, 197.1, 11.17],
  [100, 0.1, 90.1, 8.21],
  [100, 0.01, 75.4, 7.23],
];

/** After 400 epochs: another implementation, 200 trials with data and weights of their own; each with its standard error. */
const shortTable = [
  [100, 1, [173.6, 0.55], [11.47, 0.018]],
  [100, 0.1, [66.97, 0.56], [8.752, 0.056]],
  [100, 0.01, [55.66, 0.62], [7.859, 0.068]],
] as const;

const l1 = (run: RecordedRun): number => run.last("weight_l1");
const ratio = (run: RecordedRun): number => run.last("weight_l1") / run.last("weight_l2");

/** |w|_1 at the end over that at the start. */
const growth = (run: RecordedRun): number => l1(run) / run.series("weight_l1")[0];

const measured =
  (samples: number, scale: number, value: (run: RecordedRun) => number) => (evidence: Evidence) =>
    meanAt(evidence["figure-9"], { "data.samples": samples, "init.alpha": scale }, value).mean;

const normClaims = (where: string, entries: readonly Entry[]): Claim[] =>
  holding(
    where,
    entries.flatMap(([samples, scale, knownL1, knownRatio]) => [
      {
        says: `N = ${samples}, r = ${scale}: mean ‖w‖₁`,
        expected: near(knownL1, 0.07),
        measure: measured(samples, scale, l1),
      },
      {
        says: `N = ${samples}, r = ${scale}: mean ‖w‖₁ / ‖w‖₂`,
        expected: near(knownRatio, 0.07),
        measure: measured(samples, scale, ratio),
      },
    ]),
  );

const shortClaims: Claim[] = holding(
  "400 epochs, another implementation: how far ours is, in combined standard errors",
  shortTable.flatMap(([samples, scale, knownL1, knownRatio]) =>
    (
      [
        ["‖w‖₁", l1, knownL1],
        ["‖w‖₁ / ‖w‖₂", ratio, knownRatio],
      ] as const
    ).map(([symbol, value, [known, knownError]]) => ({
      says: `N = ${samples}, r = ${scale}: mean ${symbol}, ${known} ± ${knownError}`,
      expected: below(3),
      measure: ({ "figure-9": results }: Evidence) => {
        const { mean, error } = meanAt(results, { "data.samples": samples, "init.alpha": scale }, value);
        return Math.abs(mean - known) / Math.hypot(error, knownError);
      },
    })),
  ),
);

export const figure10: Reproduction = {
  id: "figure-10",
  title: "Norms of ReLU networks against the scale of initialization",
  source: "thesis, Figure 10",
  documents: ["figure-9"],
  figures: ["norms-against-scale"],
  claims: [
    ...normClaims("float64 on ten other datasets, twenty initializations each", table),
    {
      says: "N = 200, r = 1: ‖w‖₁ that training adds, over ‖w‖₁ at the end",
      where: "thesis, Figure 10, as it is read: the l1 norm tells what was learned",
      expected: above(0.5),
      measure: ({ "figure-9": results }) =>
        1 - 1 / meanAt(results, { "data.samples": 200, "init.alpha": 1 }, growth).mean,
      verdict: "false as written",
      truth: {
        says: "Most of it was there at the start: the same at r = 0.1",
        where: "the same runs",
        expected: above(0.5),
        measure: ({ "figure-9": results }) =>
          1 - 1 / meanAt(results, { "data.samples": 200, "init.alpha": 0.1 }, growth).mean,
      },
    },
  ],
  shortClaims,
};
