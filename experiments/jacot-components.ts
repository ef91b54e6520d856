import { mean } from "d3";
import { type ResidualComponents, residualComponents } from "../src/results/residual-components.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { below, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const document = "jacot-components";
const source = "Jacot et al. 2018, Sections 5-6";

const componentsOf = ({ results, row }: RecordedRun): ResidualComponents => residualComponents(results, row);

const widthOf = (run: RecordedRun): number => run.last("model.widths[0]");

const widthsOf = ({ [document]: results }: Evidence): number[] =>
  [...new Set(recordedRuns(results).map(widthOf))].sort((one, other) => one - other);

const runsOf = ({ [document]: results }: Evidence, width: number): RecordedRun[] =>
  recordedRuns(results).filter((run) => widthOf(run) === width);

/** The rate at which a component decays to a third of its start, by least squares through it, over what the kernel says. */
function rateRatio(run: RecordedRun, component: number): number {
  const { records, eigenvalues, stepSize } = componentsOf(run);
  const first = Math.abs(records[0].measured[component]);
  let [top, bottom] = [0, 0];
  for (const { steps, measured } of records) {
    const left = Math.abs(measured[component]) / first;
    if (left < 1 / 3) break;
    top += steps * Math.log(left);
    bottom += steps * steps;
  }
  return top / bottom / Math.log(1 - 2 * stepSize * eigenvalues[component]);
}

const meanRatio = (evidence: Evidence, component: number): number =>
  mean(runsOf(evidence, widthsOf(evidence).at(-1)!), (run) => rateRatio(run, component))!;

/** Mean over trials of the largest root mean square of what the kernel does not predict. */
const restOf = (evidence: Evidence, width: number): number =>
  mean(runsOf(evidence, width), (run) => Math.max(...componentsOf(run).records.map(({ rest }) => rest)))!;

/** The least-squares slope of the rest over the width, on log-log axes. */
function exponent(evidence: Evidence): number {
  const points = widthsOf(evidence).map((width) => [Math.log(width), Math.log(restOf(evidence, width))]);
  const [middleX, middleY] = [0, 1].map((k) => mean(points, (point) => point[k])!);
  const top = points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0);
  return top / points.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0);
}

const narrowOverWide = {
  says: "What the kernel does not predict, at the largest width over that at the smallest",
  expected: below(0.6),
  measure: (evidence: Evidence) => {
    const widths = widthsOf(evidence);
    return restOf(evidence, widths.at(-1)!) / restOf(evidence, widths[0]);
  },
};

export const jacotComponents: Reproduction = {
  id: document,
  title: "Residuals decay along the eigenvectors of the tangent kernel, each by its own exponential",
  source,
  documents: [document],
  figures: ["kernel-components", "rest-against-width", "loss"],
  claims: holding(source, [
    ...[2, 3].map((component) => ({
      says: `Largest width, component ${component}: the slope of the logarithm over that of the kernel of infinite width, mean`,
      expected: within(1, 0.05),
      measure: (evidence: Evidence) => meanRatio(evidence, component - 1),
    })),
    {
      says: "Power of the width in what the kernel does not predict",
      expected: within(-0.5, 0.15),
      measure: exponent,
    },
    narrowOverWide,
  ]),
  shortened: {
    [document]: {
      "data.samples": 64,
      "train.epochs": 30,
      "sweep[0].values": [
        [50, 0.132956, 0.0098995],
        [800, 0.0664777, 0.00247487],
      ],
    },
  },
  shortClaims: holding(source, [
    {
      says: "Largest width, component 2: the slope of the logarithm over that of the kernel of infinite width, mean",
      expected: within(1, 0.2),
      measure: (evidence) => meanRatio(evidence, 1),
    },
    narrowOverWide,
  ]),
};
