import { groups, max, median, min } from "d3";
import { recoveryError } from "../src/theory/index.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { above, below, within } from "./expectation.ts";
import { noiseShrinkage } from "./noise-shrinkage.ts";
import { recoveringScales } from "./recovering-scales.ts";
import type { Reproduction } from "./reproduction.ts";
import { geometricMeanAt, meanAt } from "./trials.ts";

const [samples, depth, width, matrix, relu] = [
  "map-samples",
  "map-depth",
  "map-width",
  "map-matrix",
  "map-relu-samples",
] as const;

const noisy = ({ "map-noise": results }: Evidence): RecordedRun[] =>
  recordedRuns(results).filter((run) => run.last("train.labelNoise") >= 4);

/** Measured over exact. */
const ratios = (evidence: Evidence, document: string): number[] =>
  recoveringScales(evidence[document]).map(({ measured, exact }) => measured / exact);

const extremes = (evidence: Evidence, document: string, path: string): [number, number] => {
  const values = recordedRuns(evidence[document]).map((run) => run.last(path));
  return [min(values)!, max(values)!];
};

/** The widest networks' kernel change over the narrowest ones', by alpha. */
function wideOverNarrow(evidence: Evidence): number[] {
  const path = "model.widths[0]";
  const [narrow, wide] = extremes(evidence, width, path);
  const alphas = new Set(recordedRuns(evidence[width]).map((run) => run.last("init.alpha")));
  const drift = (own: number, alpha: number) =>
    geometricMeanAt(evidence[width], { [path]: own, "init.alpha": alpha }, (run) => run.last("ntk_drift"));
  return Array.from(alphas, (alpha) => drift(wide, alpha) / drift(narrow, alpha));
}

/** A quantity's mean at the smallest or the largest alpha, at so many samples. */
function atAlpha(
  evidence: Evidence,
  document: string,
  end: "smallest" | "largest",
  quantity: string,
  swept: Readonly<Record<string, number>>,
): number {
  const alpha = extremes(evidence, document, "init.alpha")[end === "smallest" ? 0 : 1];
  return meanAt(evidence[document], { ...swept, "init.alpha": alpha }, (run) => run.last(quantity)).mean;
}

export const maps: Reproduction = {
  id: "maps",
  title: "Maps over α and samples, depth, noise, width",
  source: "Woodworth et al. 2020; HaoChen et al. 2021",
  documents: ["map-noise", samples, depth, width, matrix, relu],
  figures: ["phase-diagram"],
  claims: [
    ...holding(
      "Woodworth et al. 2020, Theorem 1 and Figure 3c: gradient flow ends at the minimizer of Q, which is known exactly",
      [
        [samples, "α and N"],
        [depth, "α and depth"],
      ].flatMap(([document, name]) => [
        {
          says: `${name}: the largest α that recovers β*, measured over exact, median over datasets`,
          expected: within(1, 0.05),
          measure: (evidence: Evidence) => median(ratios(evidence, document))!,
        },
        {
          says: `${name}: share of datasets where they are within a tenth`,
          expected: above(0.9),
          measure: (evidence: Evidence) => {
            const all = ratios(evidence, document);
            return all.filter((ratio) => Math.abs(ratio - 1) < 0.1).length / all.length;
          },
        },
      ]),
    ),
    ...holding("Woodworth et al. 2020, Section 5: depth lets a larger scale train in the rich regime", [
      {
        says: "α and depth: the largest α that recovers β*, over that of one layer less, smallest of all datasets and depths",
        expected: above(1),
        measure: (evidence: Evidence) =>
          min(
            groups(recoveringScales(evidence[depth]), ({ seed }) => seed).flatMap(([, scales]) => {
              const byDepth = scales.sort((one, other) => one.depth - other.depth);
              return byDepth.slice(1).map(({ measured }, k) => measured / byDepth[k].measured);
            }),
          )!,
      },
    ]),
    ...holding("Jacot et al. 2018; Chizat et al. 2019: wide networks are lazy, whatever their scale", [
      {
        says: "α and width: kernel change of the widest ReLU networks over that of the narrowest, largest over α",
        expected: below(0.3),
        measure: (evidence: Evidence) => max(wideOverNarrow(evidence))!,
      },
    ]),
    ...holding("Gunasekar et al. 2017: from small α products find matrices of small nuclear norm", [
      {
        says: "α and observed entries: error at 60 of 100 entries, smallest α over largest",
        expected: below(0.25),
        measure: (evidence: Evidence) =>
          atAlpha(evidence, matrix, "smallest", "reconstruction_error", { "data.observed": 60 }) /
          atAlpha(evidence, matrix, "largest", "reconstruction_error", { "data.observed": 60 }),
      },
      {
        says: "The same, how far entries that were not observed move at the largest α",
        expected: below(0.001),
        measure: (evidence: Evidence) =>
          atAlpha(evidence, matrix, "largest", "unobserved_drift", { "data.observed": 60 }),
      },
    ]),
    ...holding("Chizat et al. 2019: networks generalize from fewer samples where they are not lazy", [
      {
        says: "ReLU, α and N: test loss at 32 samples, smallest α over largest",
        expected: below(0.3),
        measure: (evidence: Evidence) =>
          atAlpha(evidence, relu, "smallest", "test_loss", { "data.samples": 32 }) /
          atAlpha(evidence, relu, "largest", "test_loss", { "data.samples": 32 }),
      },
    ]),
    ...holding("theory alone gives one α_eff: docs/mathematics.md", [
      {
        says: "Noise of 4 and more, any α: ln α_eff/α over what noise alone makes of it, median",
        expected: within(1, 0.06),
        measure: (evidence) => median(noisy(evidence).map(noiseShrinkage))!,
      },
      {
        says: "The farthest from that, relative",
        expected: below(0.2),
        measure: (evidence) => Math.max(...noisy(evidence).map((run) => Math.abs(noiseShrinkage(run) - 1))),
      },
      {
        says: "Share of runs with this noise that recover β*, though α is above 0.3",
        expected: above(0.4),
        measure: (evidence) => {
          const own = noisy(evidence).filter((run) => run.last("init.alpha") > 0.3);
          return own.filter((run) => run.last("population_l2") < recoveryError).length / own.length;
        },
      },
    ]),
  ],
  isLong: true,
  shortened: {
    [samples]: {
      "train.stopLoss": 1e-5,
      "sweep[0]": { path: "data.samples", values: [10, 13, 16] },
      "sweep[2].range": [1, 3, 1],
    },
    [depth]: { "sweep[0].values": [3, 4], "sweep[2].range": [1, 4, 1] },
    [width]: {
      "sweep[0].values": [4, 32],
      "sweep[1].logspace": [-1, 1, 3],
      "sweep[2].range": [1, 6, 1],
      "train.maxSteps": 150,
    },
    [matrix]: {
      "sweep[0].range": [60, 70, 10],
      "sweep[1].logspace": [-2, 1, 2],
    },
    [relu]: {
      "sweep[0].values": [32],
      "sweep[1].logspace": [-1.5, 1, 2],
      "train.maxSteps": 120,
    },
    "map-noise": {
      "train.epochs": 8500,
      "sweep[0]": { path: "train.labelNoise", values: [0.25, 4, 8] },
      "sweep[1]": { path: "init.alpha", values: [0.01, 0.4, 1] },
    },
  },
};
