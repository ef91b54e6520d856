import type { Measure } from "./measured.ts";

/** What is measured on the weights themselves. */
export const weightMeasures = {
  weight_distance: ({ model }) => model.weights.distance(),
  weight_l1: ({ model }) => model.weights.l1(),
  weight_l2: ({ model }) => model.weights.l2(),
  flow_error: ({ model }) => {
    const drift = model.conserved();
    return typeof drift === "function" ? drift : (record) => record.norm(drift).max;
  },
} satisfies Record<string, Measure>;
