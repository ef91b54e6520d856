/** Documents that train for a second or some: every model, method and option. */

import fc from "fast-check";
import type { Json } from "../../src/document/types.ts";
import { change, changed } from "../harness/fuzz.ts";

type Written = Record<string, Json>;

const size = fc.integer({ min: 1, max: 40 });
const seed = fc.nat(1000);

const linear = fc.record({
  kind: fc.constantFrom("linear-uniform", "linear-sparse"),
  samples: size,
  dimension: size,
  noise: fc.constantFrom(0, 0.1),
  seed,
  testSamples: fc.constantFrom(0, 5),
});
const data = linear.map((given) => ({ ...given, ...(given.kind === "linear-sparse" && { sparsity: 1 }) }));
// Its first two inputs tell the label.
const signs = fc.record({
  kind: fc.constant("sparse-signs"),
  samples: size,
  dimension: size.map((dimension) => Math.max(2, dimension)),
  seed,
});

const descent = fc.record(
  {
    stepSize: fc.constantFrom(1e-4, 1e-3, 1e-2, 1),
    epochs: fc.constantFrom(1, 300, 5000, 40_000),
    batchSize: fc.constantFrom<Json>("full", 1, 7),
    stopLoss: fc.constantFrom<Json>(null, 0.1),
    stopRule: fc.constantFrom("full", "keras"),
    seed,
  },
  { requiredKeys: ["stepSize", "epochs"] },
);
const flow = fc.record({
  method: fc.constant("gradient-flow"),
  time: fc.constantFrom(0.1, 3, 100),
  maxSteps: fc.constantFrom(10, 3000),
});

const sweep = fc.uniqueArray(
  fc.constantFrom<Json & { path: string }>(
    { path: "init.alpha", values: [0.01, 1, 30] },
    { path: "init.alpha", logspace: [-2, 2, 9] },
    { path: "data.seed", range: [0, 5, 1] },
    { path: "init.seed", values: [1, 2] },
    { path: "loss.l2", values: [0, 1e-3] },
  ),
  { maxLength: 2, selector: ({ path }) => path },
);

const diagonal = fc.record({
  name: fc.constant("soak"),
  data,
  model: fc.record({ kind: fc.constant("diagonal"), depth: fc.constantFrom(1, 2, 3, 5) }),
  init: fc.record({
    alpha: fc.constantFrom(0.01, 0.5, 10),
    shape: fc.constantFrom<Json>("ones", { std: 1 }),
    scaling: fc.constantFrom("weights", "output"),
  }),
  train: fc.oneof(descent, flow),
  record: fc.record({
    every: fc.constantFrom<Json>(1, 50, 1000, { log: 20 }),
    quantities: fc.subarray([
      "loss",
      "linear_distance",
      "ntk_drift",
      "weight_distance",
      "predictor_l1",
      "flow_error",
    ]),
    arrays: fc.subarray(["ntk", "predictor", "weights"]),
  }),
  sweep,
});

const relu = fc
  .record({
    name: fc.constant("soak"),
    data: fc.oneof(data, signs),
    model: fc.record({
      kind: fc.constant("relu"),
      widths: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
      unbiased: fc.boolean(),
    }),
    loss: fc.record({
      kind: fc.constantFrom("squared", "logistic"),
      reduction: fc.constantFrom("mean", "sum"),
    }),
    init: fc.record({ alpha: fc.constantFrom(0.1, 1, 10), shape: fc.constantFrom<Json>("he", { std: 0.5 }) }),
    train: fc.oneof(
      descent.map((given) => ({ ...given, epochs: Math.min(given.epochs, 3000) })),
      flow.map((given) => ({ ...given, maxSteps: Math.min(given.maxSteps, 300) })),
    ),
    record: fc.record({
      every: fc.constantFrom<Json>(10, 500, { log: 20 }),
      quantities: fc.subarray([
        "loss",
        "linear_distance",
        "ntk_drift",
        "path_norm",
        "margin",
        "active_units",
      ]),
      arrays: fc.subarray(["ntk", "weights"]),
    }),
    sweep,
  })
  // Only those targets are -1 and +1.
  .map((given) => ({
    ...given,
    loss: { ...given.loss, ...(given.data.kind !== "sparse-signs" && { kind: "squared" }) },
  }));

const search = fc.record({
  name: fc.constant("soak"),
  data: fc.record({ kind: fc.constant("linear-uniform"), samples: size, dimension: size, testSamples: size }),
  model: fc.constant({ kind: "diagonal" }),
  train: fc.constant({ stepSize: 1e-3, epochs: 300 }),
  record: fc.constant({ every: 300, quantities: ["test_loss"], arrays: [] }),
  search: fc.record({
    path: fc.constant("data.samples"),
    between: fc.constant([2, 60]),
    quantity: fc.constant("test_loss"),
    atMost: fc.constantFrom(0.1, 3, 100),
    trials: fc.constantFrom(2, 5),
    ratio: fc.constant(1.3),
  }),
});

/** Documents as users write them, most of them valid. */
export const documents = fc.oneof(
  { arbitrary: diagonal, weight: 4 },
  { arbitrary: relu, weight: 3 },
  { arbitrary: search, weight: 1 },
) as fc.Arbitrary<Written>;

/** Documents as nobody means them, and sizes that no machine trains. */
export const hostileDocuments: fc.Arbitrary<Written> = fc
  .tuple(documents, fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([document, changes]) => {
    const copy = structuredClone(document);
    for (const each of changes) changed(copy, each);
    return copy;
  });
