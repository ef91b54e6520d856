import type { Expectation } from "./problem.ts";

/** What becomes of networks that train where their tangent kernels are asked for, one of every run a step. */
export const kernelProblem = <Networks extends { document: object }>(
  networks: Networks,
  samples: number,
) => ({
  ...networks,
  document: { ...networks.document, record: { every: 1, quantities: ["loss"], arrays: ["ntk"] } },
  result: "ntk" as const,
  length: samples ** 2,
  queued: 1,
});

/** Kernels in float64, with their bounds: after any number of steps the same. */
export const expectKernels =
  <Work>(kernelOf: (problem: Work, run: number) => { kernel: Float64Array; bound: number }) =>
  (problem: Work, checked: readonly number[], steps: readonly number[]): Expectation[] => {
    const found = checked.map((run) => kernelOf(problem, run));
    const expectation = {
      results: found.map(({ kernel }) => kernel),
      bounds: found.map(({ bound }) => bound),
    };
    return steps.map(() => expectation);
  };
