import { saddleClock, saddleJumps } from "../src/theory/index.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { holding } from "./claim.ts";
import { below, exactly, within } from "./expectation.ts";
import { datasetOf, once } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

/** On the clock: training goes on until 9. */
const LAST = 8;

/** Records are this far apart, as a share of their time: ln 600,000 / 3000, less at larger α. A jump's time is known as well. */
const SPACING = 0.0045;

const saddlesOf = once((run) => saddleJumps(datasetOf(run)));

/** On the saddles' clock: when a run has come half the way from one plateau of the loss to the next, over when theory says. */
function jumpsOf(run: RecordedRun): number[] {
  const { model, init } = run.specification;
  if (model.kind !== "diagonal") throw new Error("saddles are those of diagonal networks");
  const clock = saddleClock(model.depth, init.alpha);
  const [times, losses] = [run.series("time"), run.series("loss")];
  const saddles = saddlesOf(run);
  return saddles.slice(1).flatMap(({ tau, loss }, k) => {
    if (tau > LAST) return [];
    const half = (saddles[k].loss + loss) / 2;
    const after = losses.findIndex((value) => value < half);
    if (after < 1) return [];
    const share = (losses[after - 1] - half) / (losses[after - 1] - losses[after]);
    return [(clock * (times[after - 1] + share * (times[after] - times[after - 1]))) / tau];
  });
}

const jumpsAt = ({ saddles }: Evidence, alpha: number): number[] =>
  recordedRuns(saddles)
    .filter((run) => run.last("init.alpha") === alpha)
    .flatMap(jumpsOf);

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const largestDistance = (ratios: number[]): number => Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)));

const shareWithin = (ratios: number[], distance: number): number =>
  ratios.filter((ratio) => Math.abs(ratio - 1) < distance).length / ratios.length;

export const saddleToSaddle: Reproduction = {
  id: "saddles",
  title: "From saddle to saddle at times that theory knows",
  source: "Pesme & Flammarion 2023, Algorithm 1; depth 3: docs/mathematics.md",
  documents: ["saddles"],
  figures: ["saddles", "loss"],
  isLong: true,
  claims: [
    ...holding("Pesme & Flammarion 2023, as α → 0, on the clock of depth 3", [
      {
        says: "D = 3, α = 0.001, ten datasets: the largest distance of a jump's time from the predicted one, relative",
        expected: below(0.04),
        measure: (evidence) => largestDistance(jumpsAt(evidence, 0.001)),
      },
      {
        says: "Jumps that were measured there",
        expected: exactly(113),
        measure: (evidence) => jumpsAt(evidence, 0.001).length,
      },
    ]),
    ...holding(
      "first order in α^(D − 2): docs/mathematics.md; the numbers of float64",
      [
        { alpha: 0.01, middle: 0.983, share: 0.814, largest: 0.137 },
        { alpha: 0.003, middle: 0.995, share: 0.973, largest: 0.061 },
      ].flatMap(({ alpha, middle, share, largest }) => [
        {
          says: `α = ${alpha}: the median of the jumps' times over the predicted ones`,
          expected: within(middle, SPACING),
          measure: (evidence: Evidence) => median(jumpsAt(evidence, alpha)),
        },
        {
          says: `α = ${alpha}: the share of jumps within 4 % of their time`,
          expected: within(share, 0.01),
          measure: (evidence: Evidence) => shareWithin(jumpsAt(evidence, alpha), 0.04),
        },
        {
          says: `α = ${alpha}: the largest distance`,
          expected: within(largest, SPACING),
          measure: (evidence: Evidence) => largestDistance(jumpsAt(evidence, alpha)),
        },
      ]),
    ),
  ],
};
