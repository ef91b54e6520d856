import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { trainDiagonal } from "../../src/models/diagonal.reference.ts";
import { flowErrors, type Local } from "../../src/models/error-growth.ts";
import { follow } from "../../src/models/flow.reference.ts";
import { dualFlow } from "../../src/theory/index.ts";

test("of a linear equation a step is the exponential's series to the third order", () => {
  for (const z of [1e-6, 0.3, -1, -2.5]) {
    const y = Float64Array.of(3);
    follow(y, [0.7], { slope: () => y.map((value) => (z / 0.7) * value), moved: () => {} });
    expect(y[0] / 3 / (1 + z + z ** 2 / 2 + z ** 3 / 6)).toBeCloseTo(1, 14);
  }
});

test("a diagonal network's flow nears the exact one with the third power of the step", () => {
  const experiment = readExperiment(
    {
      name: "flow",
      data: { kind: "linear-uniform", samples: 5, dimension: 8, seed: 3 },
      model: { kind: "diagonal", depth: 2 },
      init: { alpha: 0.5 },
      train: { method: "gradient-flow", time: 0.2 },
      record: { every: 1, quantities: ["loss"] },
    },
    "test.json",
  );
  const run = experiment.runs[0];
  const dataset = loadDataset(run.data, new Map());
  const exact = dualFlow(dataset, { alpha: 0.5 }, { times: [0.2], tolerance: 1e-12 }).records[0].beta;
  const errors = [20, 40, 80].map((count) => {
    let last: Float64Array | undefined;
    const steps = new Array<number>(count).fill(0.2 / count);
    trainDiagonal(run, dataset, new Float64Array(16).fill(1), ({ beta }) => (last = beta), { steps });
    return Math.hypot(...last!.map((value, i) => value - exact[i]));
  });
  for (const k of [0, 1]) expect(Math.log2(errors[k] / errors[k + 1])).toBeCloseTo(3, 0);
});

type Matrix = readonly [number, number, number];
const times = ([a, b, c]: Matrix, [x, y]: readonly number[]) => [a * x + b * y, b * x + c * y];
const turned = (angle: number, one: number, other: number): Matrix => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos ** 2 * one + sin ** 2 * other, cos * sin * (one - other), sin ** 2 * one + cos ** 2 * other];
};
/** Largest absolute eigenvalue. */
const size = ([a, b, c]: Matrix) => Math.abs(a + c) / 2 + Math.hypot((a - c) / 2, b);

interface Stage {
  G: Matrix;
  C: Matrix;
  rounding: number[];
}
const none: Matrix = [0, 0, 0];
const same = (value: number): Matrix => [value, 0, value];

/** By what lets errors grow: the stages of steps of size 1, the first of which rounds. */
const growing: Record<string, Pick<Stage, "G" | "C">[]> = {
  "steps past the stability limit": [0, 1, 2].map(() => ({ G: same(3.2), C: none })),
  "a Jacobian that is not one of a convex function": [0, 1, 2].map(() => ({ G: none, C: same(-0.9) })),
  "the same, along with steep others": [0, 1, 2].map((stage) => ({
    G: stage === 0 ? [2.4, 0, 0] : none,
    C: same(-0.9),
  })),
  "slopes that become steeper within a step": [0, 3.4, 3.4].map((slope) => ({ G: same(slope), C: none })),
};

const rounded = Object.entries(growing).map(([name, stages]): [string, number[], Stage[]] => [
  name,
  new Array<number>(4).fill(1),
  Array.from({ length: 12 }, (_, k) => ({ ...stages[k % 3], rounding: k < 3 ? [1e-3, 1e-3] : [0, 0] })),
]);

/** Stages at random; without turns and slopes the bound is attained. */
const anything = Array.from({ length: 3000 }, (_, trial): [string, number[], Stage[]] => {
  let seed = trial + 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  random();
  const turn = random() < 0.3 ? 0 : random();
  const steepest = [0, 0.3, 1, 2, 3][trial % 5];
  const force = 1e-3 * random();
  const stages = Array.from({ length: 12 }, (): Stage => {
    const angle = 6 * random() * turn;
    return {
      G: turned(turn * random(), steepest * random(), steepest * random()),
      C: turned(random(), force, -force),
      rounding: [force * Math.cos(angle), force * Math.sin(angle)],
    };
  });
  return [`trial ${trial}`, Array.from({ length: 4 }, () => 0.1 + random()), stages];
});

test("errors of a flow whose Jacobian changes from stage to stage stay within their bound, and come near it", () => {
  let nearest = 0;
  for (const [name, steps, stages] of [...rounded, ...anything]) {
    // One without and one with what the bound counts; C bends both.
    const [right, wrong] = [false, true].map((isWrong) => {
      const y = new Float64Array(2);
      const at = stages.values();
      follow(y, steps, {
        slope() {
          const { G, C, rounding } = at.next().value!;
          const [g, c] = [times(G, [...y]), times(C, [...y])];
          return Float64Array.from([0, 1], (q) => 1 - g[q] - c[q] + (isWrong ? rounding[q] : 0));
        },
        moved: () => {},
      });
      return y;
    });
    const errors = flowErrors(steps);
    let bound = errors.next().value;
    stages.forEach(({ G, C, rounding }, k) => {
      const first = stages[k - (k % 3)].G;
      const local: Local = {
        rounding: Math.hypot(...rounding),
        stored: 0,
        change: 0,
        bend: size(G),
        coupling: size(C),
        drift: size(G.map((value, q) => value - first[q]) as unknown as Matrix),
      };
      bound = errors.next(local).value;
    });
    const error = Math.hypot(...right.map((value, q) => value - wrong[q]));
    expect(error, name).toBeLessThanOrEqual(bound * (1 + 1e-9));
    nearest = Math.max(nearest, error / bound);
  }
  expect(nearest).toBeGreaterThan(0.99);
});
