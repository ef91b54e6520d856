import { type Claim, holding } from "./claim.ts";
import { type Evidence, recordedRuns } from "./evidence.ts";
import { above, below, between, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt, trialsAt } from "./trials.ts";

const document = "woodworth-figure-5";

const meanOf = (evidence: Evidence, quantity: string, alpha: number, width: number): number =>
  meanAt(evidence[document], { "init.alpha": alpha, "model.width": width }, (run) => run.last(quantity)).mean;

/** Means of a quantity where alpha^2 k is within a few parts in a hundred of a number, and alpha at most 0.1. */
function alongLine(evidence: Evidence, quantity: string, product: number): number[] {
  const settings = new Map<string, [number, number]>();
  for (const run of recordedRuns(evidence[document])) {
    const [alpha, width] = [run.last("init.alpha"), run.last("model.width")];
    const isNear = Math.abs((alpha ** 2 * width) / product - 1) < 0.03;
    if (isNear && alpha <= 0.1) settings.set(`${alpha} ${width}`, [alpha, width]);
  }
  return [...settings.values()].map(([alpha, width]) => meanOf(evidence, quantity, alpha, width));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);

/** alpha^2 k at which entries that nobody observed move half as far as from the smallest start. */
function halfway(evidence: Evidence): number {
  const products = [1e-3, 1e-2, 0.1, 1, 10];
  const moved = products.map((product) => mean(alongLine(evidence, "unobserved_drift", product)));
  const half = meanOf(evidence, "unobserved_drift", 0.001, 10) / 2;
  const after = moved.findIndex((value) => value < half);
  if (after < 1) return NaN;
  const share = (moved[after - 1] - half) / (moved[after - 1] - moved[after]);
  return products[after - 1] * 10 ** share;
}

/** Datasets from the smallest start: how far the norm ends above the least one, and how far the truth's is above it. */
const fromSmallest = (evidence: Evidence): { excess: number; room: number }[] =>
  trialsAt(evidence[document], { "init.alpha": 0.001, "model.width": 10 }).map((run) => {
    const excess = run.last("excess_nuclear");
    return { excess, room: excess - run.last("truth_excess_nuclear") };
  });

const leastNorm: Claim = {
  says: "Where α²k is small the solution of least nuclear norm is found: largest excess over datasets, α = 0.001, k = 10",
  where: "Woodworth et al. 2020, Section 6, after Gunasekar et al. 2017",
  expected: below(0.05),
  measure: (evidence) => Math.max(...fromSmallest(evidence).map(({ excess }) => excess)),
  verdict: "false as written",
  truth: {
    says: "It ends nearer the true matrix's, of the least rank: least share of the way from the least norm, where there are 0.2 or more",
    where: "trials; rank, not norm: Razin & Cohen 2020",
    expected: above(0.5),
    measure: (evidence) =>
      Math.min(
        ...fromSmallest(evidence)
          .filter(({ room }) => room > 0.2)
          .map(({ excess, room }) => excess / room),
      ),
  },
};

const symbols = {
  unobserved_drift: "movement of entries nobody observes",
  truth_excess_nuclear: "nuclear norm over the truth's",
};

/** Of float64 flows on 60 other datasets at α = 0.1, by the width: means over datasets. */
const known: readonly [width: number, excess: number, movement: number][] = [
  [10, 0.46, 0.68],
  [100, 2.38, 0.31],
  [1000, 5.61, 0.057],
  [10000, 13.5, 0.023],
];

const besideKnown = (quantity: keyof typeof symbols, width: number, value: number): Claim => ({
  says: `α = 0.1, k = ${width}: ${symbols[quantity]}, mean beside ${value} in float64 over 60 other datasets, in standard errors`,
  where: "trials",
  verdict: "holds",
  expected: within(0, 3),
  measure(evidence) {
    const settings = { "init.alpha": 0.1, "model.width": width };
    const runs = trialsAt(evidence[document], settings);
    const { mean, error } = meanAt(evidence[document], settings, (run) => run.last(quantity));
    // Both means are of datasets drawn alike.
    return (mean - value) / (error * Math.sqrt(1 + runs.length / 60));
  },
});

export const woodworthFigure5: Reproduction = {
  id: "woodworth-figure-5",
  title: "Scale and width are one: α²k decides",
  source: "Woodworth et al. 2020, Figure 5",
  documents: [document],
  isLong: true,
  figures: ["scale-and-width-maps", "phase-diagram"],
  claims: [
    ...holding("Woodworth et al. 2020, Figure 5", [
      {
        says: "α²k at which that movement is half of what it is from the smallest start",
        expected: between(0.15, 0.6),
        measure: halfway,
      },
      ...([0.01, 0.1, 1] as const).map((product) => ({
        says: `α²k = ${product}, whatever α ≤ 0.1: largest ${symbols.unobserved_drift} over the smallest`,
        expected: below(1.15),
        measure: (evidence: Evidence) => spread(alongLine(evidence, "unobserved_drift", product)),
      })),
      {
        says: `α²k = 0.01: largest ${symbols.truth_excess_nuclear}`,
        expected: below(0.1),
        measure: (evidence) => Math.max(...alongLine(evidence, "truth_excess_nuclear", 0.01)),
      },
      {
        says: `α²k = 10: smallest ${symbols.truth_excess_nuclear}`,
        expected: above(3),
        measure: (evidence) => Math.min(...alongLine(evidence, "truth_excess_nuclear", 10)),
      },
    ]),
    ...known.flatMap(([width, excess, movement]) => [
      besideKnown("truth_excess_nuclear", width, excess),
      besideKnown("unobserved_drift", width, movement),
    ]),
    leastNorm,
  ],
  shortened: {
    [document]: {
      "sweep[0].values": [10, 1000],
      "sweep[1].values": [0.001, 0.01, 0.1],
      "sweep[2].values": [
        [1, 1],
        [2, 2],
      ],
    },
  },
  shortClaims: holding("Woodworth et al. 2020, Figure 5", [
    {
      says: "α²k = 0.1, α = 0.1 and 0.01: largest movement over the smallest",
      expected: below(1.15),
      measure: (evidence) => spread(alongLine(evidence, "unobserved_drift", 0.1)),
    },
    {
      says: "Movement at α²k = 10 over that at 0.1",
      expected: below(0.3),
      measure: (evidence) =>
        mean(alongLine(evidence, "unobserved_drift", 10)) /
        mean(alongLine(evidence, "unobserved_drift", 0.1)),
    },
  ]),
};
