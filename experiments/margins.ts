import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { above, below } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

/** The run whose alpha and stopping loss are the nearest to these, in the logarithm. */
function nearest({ "margin-map": results }: Evidence, alpha: number, loss: number): RecordedRun {
  const distance = (run: RecordedRun) =>
    Math.abs(Math.log(run.last("init.alpha") / alpha)) +
    1e-3 * Math.abs(Math.log(run.last("train.stopLoss") / loss));
  return recordedRuns(results).reduce((best, run) => (distance(run) < distance(best) ? run : best));
}

const at =
  (quantity: string, alpha: number, loss: number) =>
  (evidence: Evidence): number =>
    nearest(evidence, alpha, loss).last(quantity);

const ratio =
  (quantity: string, alpha: number) =>
  (evidence: Evidence): number =>
    at(quantity, alpha, 1e-12)(evidence) / at(quantity, alpha, 0.05)(evidence);

export const margins: Reproduction = {
  id: "margins",
  title: "Which margin, over α and how far training goes",
  source: "Moroshko et al. 2020",
  documents: ["margin-map"],
  figures: ["phase-diagram"],
  claims: holding("Moroshko et al. 2020; Gunasekar et al. 2018; Lyu & Li 2020", [
    {
      says: "α = 0.1: the l1 margin is this far from its largest at a loss of 1e-12",
      expected: below(0.12),
      measure: at("l1_margin_gap", 0.1, 1e-12),
    },
    { says: "Over what it was at 0.05", expected: below(0.4), measure: ratio("l1_margin_gap", 0.1) },
    {
      says: "α = 10: the l2 margin is this far from its largest at a loss of 1e-12",
      expected: below(0.025),
      measure: at("l2_margin_gap", 10, 1e-12),
    },
    { says: "Over what it was at 0.05", expected: below(0.15), measure: ratio("l2_margin_gap", 10) },
    {
      says: "α = 10: the l1 margin stays away",
      expected: above(0.25),
      measure: at("l1_margin_gap", 10, 1e-12),
    },
    {
      says: "α = 0.01: the l2 margin stays away",
      expected: above(0.4),
      measure: at("l2_margin_gap", 0.01, 1e-12),
    },
    {
      says: "α = 0.3: the l1 gap over the l2 gap falls below what it was at 0.05 by this factor",
      expected: below(0.7),
      measure: (evidence) => {
        const share = (loss: number) =>
          at("l1_margin_gap", 0.3, loss)(evidence) / at("l2_margin_gap", 0.3, loss)(evidence);
        return share(1e-12) / share(0.05);
      },
    },
  ]),
  shortened: {
    "margin-map": {
      "sweep[0]": { path: "init.alpha", values: [0.01, 0.1, 0.3, 10] },
      "sweep[1]": { path: "train.stopLoss", values: [1e-12, 0.05] },
    },
  },
};
