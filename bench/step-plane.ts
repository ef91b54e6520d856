/**
 * The runs of the built-in step plane in plain JavaScript, one after the other, in float64: w+ and w- themselves, full batches, until a
 * run's loss is at or below its stop loss or no number any more. What `alphasweep run step-plane` does at once, beside it.
 */

import { openExperiment } from "../src/cli/experiment/experiment-file.ts";
import { loadRuns } from "../src/scheduler/load.ts";

const { experiment, files } = await openExperiment(process.argv[2] ?? "step-plane", []);
const members = await loadRuns(experiment.runs, files);
const begun = performance.now();
let [updates, converged, diverged] = [0, 0, 0];
for (const { run, dataset } of members) {
  const { X, y, samples, inputs } = dataset;
  const { train, init, model } = run;
  if (train.method !== "gradient-descent" || model.kind !== "diagonal")
    throw new Error("not a plane of steps");
  const D = model.depth;
  const plus = new Float64Array(inputs).fill(init.alpha);
  const minus = plus.slice();
  const beta = new Float64Array(inputs);
  const slope = new Float64Array(inputs);
  const rate = (2 * D * train.stepSize) / samples;
  for (let epoch = 0; epoch < train.epochs; epoch++) {
    for (let i = 0; i < inputs; i++) beta[i] = power(plus[i], D) - power(minus[i], D);
    slope.fill(0);
    let loss = 0;
    for (let j = 0, at = 0; j < samples; j++, at += inputs) {
      let r = -y[j];
      for (let i = 0; i < inputs; i++) r += X[at + i] * beta[i];
      loss += r * r;
      for (let i = 0; i < inputs; i++) slope[i] += X[at + i] * r;
    }
    loss /= samples;
    if (epoch > 0 && train.stopLoss !== null && loss <= train.stopLoss) {
      converged += 1;
      break;
    }
    if (!Number.isFinite(loss)) {
      diverged += 1;
      break;
    }
    for (let i = 0; i < inputs; i++) {
      plus[i] -= rate * slope[i] * power(plus[i], D - 1);
      minus[i] += rate * slope[i] * power(minus[i], D - 1);
    }
    updates += 1;
  }
}
const seconds = (performance.now() - begun) / 1000;
console.log(
  `${members.length} runs, ${updates} updates in ${seconds.toFixed(1)} s, ${Math.round(updates / seconds)} run-steps/s: ` +
    `${converged} converged, ${diverged} diverged`,
);

function power(base: number, exponent: number): number {
  let value = 1;
  for (let k = 0; k < exponent; k++) value *= base;
  return value;
}
