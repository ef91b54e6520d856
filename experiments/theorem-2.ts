import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { above } from "./expectation.ts";
import { datasetOf, minimumL1Of, once } from "./interpolation.ts";
import { biasMinimizers, minimumL2, sufficientScales } from "../src/theory/index.ts";
import { l1Norm, l2Norm } from "../src/theory/norms.ts";
import type { Reproduction } from "./reproduction.ts";

const document = "flow-limit";

/** How close a norm has to be to the least one: within a tenth. */
const epsilon = 0.1;
/** Twenty alphas a decade, from 1e-6 to 100. */
const alphas = Array.from({ length: 161 }, (_, k) => 10 ** (-6 + k / 20));

interface Thresholds {
  richLog10: number;
  kernelLog10: number;
}

/** Up to where, and from where on, the exact limits are within a tenth of the least norm. */
const necessaryScales = once(async (run): Promise<Thresholds> => {
  const dataset = datasetOf(run);
  const least = { l1: (await minimumL1Of(run)).norm, l2: minimumL2(dataset).norm };
  const limits = biasMinimizers(dataset, alphas);
  const isDense = limits.map(({ beta }) => l1Norm(beta) > (1 + epsilon) * least.l1);
  const isShort = limits.map(({ beta }) => l2Norm(beta) ** 2 <= (1 + epsilon) * least.l2 ** 2);
  return {
    richLog10: Math.log10(alphas[isDense.indexOf(true) - 1]),
    kernelLog10: Math.log10(alphas[isShort.indexOf(true)]),
  };
});

const sufficient = async (run: RecordedRun): Promise<Thresholds> => {
  const dataset = datasetOf(run);
  return sufficientScales({
    epsilon,
    inputs: dataset.inputs,
    minimumL1: (await minimumL1Of(run)).norm,
    minimumL2: minimumL2(dataset).norm,
  });
};

const ofData = (evidence: Evidence): RecordedRun => recordedRuns(evidence[document])[0];

export const theorem2: Reproduction = {
  id: "theorem-2",
  title: "Scales that suffice for either limit, and those that are needed",
  source: "Woodworth et al. 2020, Theorem 2",
  documents: [document],
  figures: ["excess-l1-against-alpha"],
  claims: holding("theory alone: Theorem 2 with ε = 0.1, and the exact limits on the data of flow-limit", [
    {
      says: "Rich: the α that suffices is below the largest that does; decades between them",
      expected: above(0),
      measure: async (evidence) =>
        (await necessaryScales(ofData(evidence))).richLog10 - (await sufficient(ofData(evidence))).richLog10,
    },
    {
      says: "Rich: and it is below every float32: −log10 of the α that suffices",
      expected: above(45),
      measure: async (evidence) => -(await sufficient(ofData(evidence))).richLog10,
    },
    {
      says: "Rich: −log10 of the largest α whose limit is within a tenth of the least l1 norm",
      expected: above(1),
      measure: async (evidence) => -(await necessaryScales(ofData(evidence))).richLog10,
    },
    {
      says: "Kernel: the α that suffices is above the smallest that does; decades between them",
      expected: above(0),
      measure: async (evidence) =>
        (await sufficient(ofData(evidence))).kernelLog10 -
        (await necessaryScales(ofData(evidence))).kernelLog10,
    },
  ]),
};
