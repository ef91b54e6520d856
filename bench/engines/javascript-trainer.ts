import type { Trainer } from "./engine.ts";

/**
 * Work in plain JavaScript, one run after the other.
 *
 * @param step one step of a run
 * @param results what all runs have come to, read after the last step
 * @param restart brings all runs back to their start
 */
export const javascriptTrainer = (
  runs: number,
  step: (run: number) => void,
  results: Float32Array,
  restart = (): void => {},
): Trainer => ({
  fewestSteps: 1,
  seconds: 0.15,
  async train(steps) {
    restart();
    const begun = performance.now();
    for (let k = 0; k < steps; k++) for (let run = 0; run < runs; run++) step(run);
    const milliseconds = performance.now() - begun;
    return { microsecondsPerStep: (1000 * milliseconds) / steps, results: results.slice() };
  },
  release() {},
});
