// A sweep in Node, without the command: npm install alphasweep webgpu && node node.js
import { create, globals } from "webgpu";
import { readExperiment, theory, trainInMemory } from "alphasweep";

Object.assign(globalThis, globals);
// Dawn must live as long as what it gives.
globalThis.gpu = create([]);

const experiment = readExperiment(
  {
    data: { kind: "linear-sparse", samples: 10, dimension: 20, sparsity: 2 },
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 5e-3, epochs: 2000, stopLoss: 1e-8 },
    record: { every: { log: 20 }, quantities: ["loss", "ntk_drift", "predictor_l1"], arrays: ["predictor"] },
    sweep: [{ path: "init.alpha", logspace: [-2, 0, 5] }],
  },
  "node.js",
);

const { runs, arrays, manifest } = await trainInMemory(experiment, { gpu: globalThis.gpu });
const { description, device } = manifest.adapter;
console.log(`${runs.rows} runs in ${manifest.seconds.toFixed(2)} s on ${description || device}`);
console.table(
  Array.from({ length: runs.rows }, (_, run) => ({
    alpha: runs.columns["init.alpha"][run],
    status: runs.columns.status[run],
    drift: runs.columns.ntk_drift[run],
    l1: runs.columns.predictor_l1[run],
  })),
);

// What gradient flow from alpha minimizes among all solutions (Woodworth et al. 2020), at the smallest alpha.
const [, dimension] = arrays.predictor.shape;
const beta = Float64Array.from(arrays.predictor.data.subarray(0, dimension));
console.log(`Q(beta) = ${theory.implicitBias(beta, { alpha: runs.columns["init.alpha"][0] })}`);
