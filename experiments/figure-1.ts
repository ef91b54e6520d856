import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun } from "./evidence.ts";
import { above, near } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { relativeGap } from "./smallest-network.ts";

const at = (evidence: Evidence, alpha: number): RecordedRun =>
  recordedRun(evidence["figure-1"], { "init.alpha": alpha });

/** Scale of the figure. */
const alpha = 0.1;

export const figure1: Reproduction = {
  id: "figure-1",
  title: "The smallest network and its linearization, small α",
  source: "thesis, Figure 1",
  documents: ["figure-1"],
  figures: ["surface", "function-distance", "linear-distance"],
  claims: [
    ...holding("thesis, Figure 1", [
      {
        says: "α = 0.1: the linearization is no likeness of the network, largest |f − fbar| over largest |fbar|",
        expected: above(1),
        measure: (evidence) => relativeGap(at(evidence, alpha).last("init.alpha")),
      },
      {
        says: "α = 0.1: training leaves it, largest |f − fbar| on the way over the target's 1",
        expected: above(0.5),
        measure: (evidence) => at(evidence, alpha).largest("function_distance"),
      },
      {
        says: "α = 0.1: and ends with other weights, ‖w − wbar‖ / ‖w − w(0)‖",
        expected: above(1),
        measure: (evidence) =>
          at(evidence, alpha).last("linear_distance") / at(evidence, alpha).last("weight_distance"),
      },
    ]),
    ...holding("theory: f − fbar = p² − m², |fbar| ≤ 8α on the square", [
      {
        says: "α = 0.1: the gap relative to fbar's range is 1 / (2α)",
        expected: near(5, 1e-9),
        measure: (evidence) => relativeGap(at(evidence, alpha).last("init.alpha")),
      },
    ]),
  ],
};
