import { mean } from "d3";
import type { BallData } from "../src/document/types.ts";
import { type BarronFacts, barronFacts, rampsOf } from "../src/results/barron-facts.ts";
import { holding } from "./claim.ts";
import { type Evidence, recordedRuns } from "./evidence.ts";
import { below, near } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const [gaussian, cosines] = ["barron-gaussian", "barron-cosines"] as const;
type Document = typeof gaussian | typeof cosines;
const source = "Barron 1993, Theorem 1";

const factsOf = (evidence: Evidence, document: Document): BarronFacts =>
  barronFacts(recordedRuns(evidence[document])[0].specification.data as BallData);

const errorsOf = (evidence: Evidence, document: Document) =>
  recordedRuns(evidence[document]).map((run) => ({
    units: rampsOf(run.specification),
    error: run.last("test_loss"),
  }));

/** The mean test loss of networks of so many units. */
const trainedError = (evidence: Evidence, document: Document, wanted: number): number =>
  mean(
    errorsOf(evidence, document).filter(({ units }) => units === wanted),
    ({ error }) => error,
  ) ?? NaN;

const overConstant = (document: Document, name: string, bound: number) => ({
  says: `${name}: what 16 trained units err by, over what the best constant does, mean`,
  expected: below(bound),
  measure: (evidence: Evidence) =>
    trainedError(evidence, document, 16) / factsOf(evidence, document).errorOfConstant,
});

const withinBound = (document: Document, name: string) => ({
  says: `${name}: the largest error of trained units over Barron's bound`,
  expected: below(1),
  measure: (evidence: Evidence) => {
    const { bound } = factsOf(evidence, document);
    return Math.max(...errorsOf(evidence, document).map(({ units, error }) => error / bound(units)));
  },
});

const theory = [
  ...holding("theory alone: Barron 1993, Theorem 1's proof", [
    {
      says: "Gaussian: the largest distance of drawn units' mean error from the closed form, m = 4, 8 … 256, in standard errors",
      expected: below(3),
      measure: (evidence) => {
        const { expected, measured } = factsOf(evidence, gaussian).drawn!;
        return Math.max(
          ...[4, 8, 16, 32, 64, 128, 256].map((units) => {
            const drawn = measured(units);
            return Math.abs(drawn.mean - expected(units)) / drawn.error;
          }),
        );
      },
    },
  ]),
  ...holding("theory alone: Barron 1993, Section IX", [
    {
      says: "Gaussian, n = 5: units from which the bound is below what a constant errs by",
      expected: near(2980.6, 1e-3),
      measure: (evidence) => {
        const { bound, errorOfConstant } = factsOf(evidence, gaussian);
        return bound(1) / errorOfConstant;
      },
    },
  ]),
];

export const barron: Reproduction = {
  id: "barron",
  title: "What m units err by, and where Barron's bound says something",
  source: "Barron 1993, Theorem 1 and Section IX",
  documents: [gaussian, cosines],
  figures: ["barron", "loss"],
  claims: [
    ...theory,
    ...holding(source, [
      withinBound(gaussian, "Gaussian"),
      overConstant(gaussian, "Gaussian", 0.25),
      {
        says: "Gaussian: what 4 trained units err by, over 4 drawn ones, mean",
        expected: below(0.05),
        measure: (evidence) =>
          trainedError(evidence, gaussian, 4) / factsOf(evidence, gaussian).drawn!.expected(4),
      },
      withinBound(cosines, "Cosines"),
      overConstant(cosines, "Cosines", 0.15),
      {
        says: "Cosines: what 64 trained units err by, over 4, mean",
        expected: below(0.5),
        measure: (evidence) => trainedError(evidence, cosines, 64) / trainedError(evidence, cosines, 4),
      },
    ]),
  ],
  shortened: Object.fromEntries(
    [gaussian, cosines].map((document) => [
      document,
      {
        "data.samples": 200,
        "data.testSamples": 400,
        "train.epochs": 250,
        "sweep[0].values": [
          [9, 0.2],
          [33, 0.1],
        ],
        "sweep[1].values": [[1, 1]],
      },
    ]),
  ),
  shortClaims: [
    ...theory,
    ...holding(source, [
      withinBound(gaussian, "Gaussian"),
      overConstant(gaussian, "Gaussian", 0.7),
      withinBound(cosines, "Cosines"),
      overConstant(cosines, "Cosines", 0.5),
    ]),
  ],
};
