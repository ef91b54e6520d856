import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun } from "./evidence.ts";
import { above, below, near } from "./expectation.ts";
import { largestRelativeChange, visibleChange } from "./kernel-change.ts";
import type { Reproduction } from "./reproduction.ts";

const run = (evidence: Evidence): RecordedRun => recordedRun(evidence["figure-4"], {});

export const figure4: Reproduction = {
  id: "figure-4",
  title: "The tangent kernel while a network trains between the regimes, α = 1",
  source: "thesis, Figure 4",
  documents: ["figure-4"],
  figures: ["tangent-kernel", "kernel-drift"],
  claims: [
    ...holding("thesis, Figure 4", [
      {
        says: "Training changes the kernel by little: ‖K(end) − K(0)‖ / ‖K(0)‖",
        expected: below(0.1),
        measure: (evidence) => run(evidence).last("ntk_drift"),
      },
      {
        says: "The change can be seen: an entry's, over K(0)'s largest, exceeds one of 256 colours",
        expected: above(visibleChange),
        measure: (evidence) => largestRelativeChange(run(evidence)),
      },
    ]),
    ...holding("float64 descent on the same data", [
      {
        says: "The relative change of the kernel",
        expected: near(4.215545e-2),
        measure: (evidence) => run(evidence).last("ntk_drift"),
      },
      {
        says: "1 − cos of the angle between K(end) and K(0)",
        expected: near(2.688942e-4),
        measure: (evidence) => run(evidence).last("ntk_misalignment"),
      },
    ]),
  ],
};
