import { publishedTestLosses } from "../../experiments/chizat-figure-1c.ts";
import { quantityMeasure } from "./measures.ts";
import { particlesOf } from "../../src/results/particle-networks.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { published, trialsFigure } from "./trials-figure.ts";

export const studentsAgainstScale = trialsFigure({
  id: "students-against-scale",
  title: "What students have learned, against the scale of initialization",
  caption:
    "Loss on unseen inputs of students that end training, beside the curve that was published. From a small start they find the teachers; from a large one they fit the training set while hardly turning, and know little of what they have not seen.",
  measures: [quantityMeasure("test_loss", "log")],
  against: "init.alpha",
  shows: (results) =>
    specifiedRuns(results).every(
      (run) =>
        run.data.kind === "teacher" &&
        run.data.scale === "unit" &&
        run.data.inputs === "sphere" &&
        particlesOf(run) === undefined,
    ),
  beside: () => [published("Chizat et al. 2019, Figure 1c", publishedTestLosses)],
});
