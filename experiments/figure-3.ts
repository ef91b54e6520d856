import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun } from "./evidence.ts";
import { above, near } from "./expectation.ts";
import { largestRelativeChange } from "./kernel-change.ts";
import type { Reproduction } from "./reproduction.ts";

const run = (evidence: Evidence): RecordedRun => recordedRun(evidence["figure-3"], {});

export const figure3: Reproduction = {
  id: "figure-3",
  title: "The tangent kernel while a network trains in the rich regime, α = 0.1",
  source: "thesis, Figure 3",
  documents: ["figure-3"],
  figures: ["tangent-kernel", "kernel-drift"],
  claims: [
    ...holding("thesis, Figure 3", [
      {
        says: "Training makes another kernel: ‖K(end) − K(0)‖ is many times ‖K(0)‖",
        expected: above(10),
        measure: (evidence) => run(evidence).last("ntk_drift"),
      },
      {
        says: "An entry changes by more than K(0)'s largest entry: their ratio",
        expected: above(1),
        measure: (evidence) => largestRelativeChange(run(evidence)),
      },
    ]),
    ...holding("float64 descent on the same data", [
      {
        says: "The relative change of the kernel",
        expected: near(22.58738),
        measure: (evidence) => run(evidence).last("ntk_drift"),
      },
      {
        says: "The kernel does not merely grow, it turns: 1 − cos of the angle between K(end) and K(0)",
        expected: near(0.1072287),
        measure: (evidence) => run(evidence).last("ntk_misalignment"),
      },
    ]),
  ],
};
