import type { Dataset } from "../data/dataset.ts";
import { infiniteWidthBaseline, initialKernelBaseline } from "../models/relu-baselines.ts";
import type { Member } from "../plan/cohort.ts";
import type { Measure } from "./measured.ts";

/**
 * Test accuracies of kernel regression on a run's data, once a run, on the CPU: what training makes of the features must
 * be better (Wei et al. 2019). The infinitely wide kernel's does not depend on alpha, so runs with the same data share it.
 */
export const baselineMeasures = {
  test_kernel_accuracy: () => {
    const own = new Map<Member, number>();
    return ({ member }) => {
      if (!own.has(member))
        own.set(member, initialKernelBaseline(member.run, member.dataset, member.w0).accuracy);
      return own.get(member)!;
    };
  },
  test_wide_kernel_accuracy: () => {
    const wide = new WeakMap<Dataset, Map<string, number>>();
    return ({ member: { run, dataset } }) => {
      if (!wide.has(dataset)) wide.set(dataset, new Map());
      const known = wide.get(dataset)!;
      const key = JSON.stringify([run.model, run.init.shape]);
      if (!known.has(key)) known.set(key, infiniteWidthBaseline(run, dataset).accuracy);
      return known.get(key)!;
    };
  },
} satisfies Record<string, Measure>;
