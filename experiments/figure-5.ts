import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun } from "./evidence.ts";
import { above, below, near } from "./expectation.ts";
import { largestRelativeChange, visibleChange } from "./kernel-change.ts";
import type { Reproduction } from "./reproduction.ts";

const run = (evidence: Evidence): RecordedRun => recordedRun(evidence["figure-5"], {});

const largestDrift = (evidence: Evidence, document: string): number =>
  recordedRun(evidence[document], {}).largest("ntk_drift");

export const figure5: Reproduction = {
  id: "figure-5",
  title: "The tangent kernel while a network trains in the kernel regime, α = 10",
  source: "thesis, Figure 5",
  documents: ["figure-5", "figure-3"],
  figures: ["tangent-kernel", "kernel-drift"],
  claims: [
    ...holding("thesis, Figure 5", [
      {
        says: "Training leaves the kernel as it was: the largest ‖K(t) − K(0)‖ / ‖K(0)‖ on the way",
        expected: below(1e-5),
        measure: (evidence) => largestDrift(evidence, "figure-5"),
      },
      {
        says: "No change can be seen: no entry's, over K(0)'s largest, reaches one of 256 colours",
        expected: below(visibleChange),
        measure: (evidence) => largestRelativeChange(run(evidence)),
      },
      {
        says: "Rich against kernel regime: the largest change at α = 0.1 over that at α = 10",
        expected: above(1e6),
        measure: (evidence) => largestDrift(evidence, "figure-3") / largestDrift(evidence, "figure-5"),
      },
    ]),
    ...holding("float64 descent on the same data", [
      {
        says: "The relative change of the kernel",
        expected: near(3.706675e-6),
        measure: (evidence) => run(evidence).last("ntk_drift"),
      },
      {
        says: "1 − cos of the angle between K(end) and K(0)",
        expected: near(2.127625e-12),
        measure: (evidence) => run(evidence).last("ntk_misalignment"),
      },
    ]),
  ],
};
