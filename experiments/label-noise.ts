import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns, type ReproducedResults } from "./evidence.ts";
import { above, below, between, within } from "./expectation.ts";
import { noiseShrinkage } from "./noise-shrinkage.ts";
import type { Reproduction } from "./reproduction.ts";

const ofNoise = (results: ReproducedResults, noiseEpochs: number): RecordedRun[] =>
  recordedRuns(results).filter((run) => run.last("train.noiseEpochs") === noiseEpochs);

const largest = (runs: RecordedRun[], quantity: string): number =>
  Math.max(...runs.map((run) => run.last(quantity)));
const least = (runs: RecordedRun[], quantity: string): number =>
  Math.min(...runs.map((run) => run.last(quantity)));

/** The one whose distance from 1 is the largest. */
const worst = (values: number[]): number =>
  values.reduce((most, value) => (Math.abs(value - 1) > Math.abs(most - 1) ? value : most), 1);

const squares = ({ "label-noise-squares": results }: Evidence, alpha: number, isNoisy: boolean) =>
  recordedRuns(results).filter(
    (run) => run.last("init.alpha") === alpha && run.last("train.labelNoise") > 0 === isNoisy,
  );

const theory = "HaoChen et al. 2021, as a smaller α: docs/mathematics.md";

export const labelNoise: Reproduction = {
  id: "label-noise",
  title: "Noise on labels is a smaller α",
  source: "HaoChen et al. 2021, Section 4; Pesme et al. 2021",
  documents: ["label-noise", "label-noise-squares"],
  isLong: true,
  figures: ["population-l2", "effective-alpha"],
  claims: [
    ...holding("HaoChen et al. 2021, Figure 1: β = v² from v = 1, five ones of a hundred, N = 40", [
      {
        says: "|β − β*|² where descent ends",
        expected: above(50),
        measure: (evidence) => largest(squares(evidence, 1, false), "population_l2"),
      },
      {
        says: "Where descent ends whose labels have had noise, the largest of eight seeds",
        expected: below(0.01),
        measure: (evidence) => largest(squares(evidence, 1, true), "population_l2"),
      },
      {
        says: "Where descent ends from v = 0.1",
        expected: between(0.005, 0.1),
        measure: (evidence) => largest(squares(evidence, 0.1, false), "population_l2"),
      },
    ]),
    ...holding(theory, [
      {
        says: "ln α_eff/α over −8 η² h δ² / N an update, the farthest from 1 where noise has lasted 40,000 updates and more",
        expected: within(1, 0.06),
        measure: ({ "label-noise": results }) =>
          worst(
            [40_000, 60_000, 80_000, 100_000]
              .flatMap((epochs) => ofNoise(results, epochs))
              .map(noiseShrinkage),
          ),
      },
      {
        says: "After 40,000 updates with noise: the distance to the minimizer of Q at α_eff, relative",
        expected: below(3e-4),
        measure: ({ "label-noise": results }) => largest(ofNoise(results, 40_000), "effective_bias_gap"),
      },
      {
        says: "And to that at α",
        expected: above(0.5),
        measure: ({ "label-noise": results }) => least(ofNoise(results, 40_000), "bias_gap"),
      },
      {
        says: "|β − β*|² after 100,000 updates with noise, over that without",
        expected: below(0.002),
        measure: ({ "label-noise": results }) =>
          largest(ofNoise(results, 100_000), "population_l2") / largest(ofNoise(results, 0), "population_l2"),
      },
    ]),
  ],
  shortened: {
    "label-noise": {
      "train.epochs": 9000,
      "record.every": 9000,
      "sweep[0]": {
        paths: ["train.noiseEpochs", "train.seed"],
        values: [
          [0, 1],
          [7000, 1],
          [7000, 2],
        ],
      },
    },
    "label-noise-squares": {
      "train.epochs": 1000,
      "record.every": 1000,
      "sweep[0]": { paths: ["init.alpha", "train.labelNoise", "train.seed"], values: [[0.1, 0, 1]] },
    },
  },
  shortClaims: holding(theory, [
    {
      says: "ln α_eff/α over −8 η² h δ² / N an update, after 7,000 with noise",
      expected: within(1, 0.15),
      measure: ({ "label-noise": results }) => worst(ofNoise(results, 7000).map(noiseShrinkage)),
    },
    {
      says: "The distance to the minimizer of Q at α_eff",
      expected: below(1e-3),
      measure: ({ "label-noise": results }) => largest(ofNoise(results, 7000), "effective_bias_gap"),
    },
    {
      says: "And to that at α, over it",
      expected: above(50),
      measure: ({ "label-noise": results }) =>
        least(ofNoise(results, 7000), "bias_gap") / largest(ofNoise(results, 7000), "effective_bias_gap"),
    },
  ]),
};
