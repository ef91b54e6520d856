import { holding } from "./claim.ts";
import { type Evidence, recordedRuns } from "./evidence.ts";
import { above, below, between, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

/** Test accuracy by the decay that has been, 2 l2 t, of one dataset from one scale. */
interface Course {
  alpha: number;
  seed: number;
  points: { decay: number; accuracy: number }[];
}

function coursesOf({ "decay-clock": results }: Evidence): Course[] {
  const courses = new Map<string, Course>();
  for (const run of recordedRuns(results)) {
    const [alpha, seed] = [run.last("init.alpha"), run.last("data.seed")];
    const key = `${alpha} ${seed}`;
    if (!courses.has(key)) courses.set(key, { alpha, seed, points: [] });
    const decay = 2 * run.specification.loss.l2 * run.last("train.time");
    courses.get(key)!.points.push({ decay, accuracy: run.last("test_accuracy") });
  }
  for (const { points } of courses.values()) points.sort((one, other) => one.decay - other.decay);
  return [...courses.values()];
}

/** Half the way from what kernels learn to what features do. */
const CROSSED = 0.85;

/** 2 l2 t at which a course comes to the accuracy; undefined where it does not within the sweep. */
function crossing({ points }: Course): number | undefined {
  const after = points.findIndex(({ accuracy }) => accuracy >= CROSSED);
  if (after < 1) return undefined;
  const [one, two] = [points[after - 1], points[after]];
  return one.decay + ((CROSSED - one.accuracy) / (two.accuracy - one.accuracy)) * (two.decay - one.decay);
}

/** By dataset, the slope of the crossing over ln alpha, and the mean distance from slope 1. */
function slopes(evidence: Evidence): number[] {
  const bySeed = new Map<number, { x: number; y: number }[]>();
  for (const course of coursesOf(evidence)) {
    const y = crossing(course);
    if (y === undefined) continue;
    bySeed.set(course.seed, [...(bySeed.get(course.seed) ?? []), { x: Math.log(course.alpha), y }]);
  }
  return Array.from(bySeed.values(), (points) => {
    const mean = (of: (point: { x: number; y: number }) => number) =>
      points.reduce((sum, point) => sum + of(point), 0) / points.length;
    const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
    return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) * (point.x - x));
  });
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const decayClock: Reproduction = {
  id: "decay-clock",
  title: "Weight decay is a clock",
  source: "Lyu et al. 2024; the slope: docs/mathematics.md",
  documents: ["decay-clock"],
  figures: ["phase-diagram"],
  claims: holding(
    "Lyu et al. 2024: features are learned when α exp(−2 l2 t) has come to a level of the data",
    [
      {
        says: "2 l2 t at which test accuracy comes to 0.85, over ln α: the slope, mean of the datasets",
        expected: within(1, 0.02),
        measure: (evidence) => mean(slopes(evidence)),
      },
      {
        says: "The largest distance of a dataset's slope from 1",
        expected: below(0.05),
        measure: (evidence) => {
          const distances = slopes(evidence).map((slope) => Math.abs(slope - 1));
          return distances.length > 0 ? Math.max(...distances) : NaN;
        },
      },
      {
        says: "Test accuracy from the largest α at the earliest time, mean of the datasets",
        expected: between(0.6, 0.75),
        measure: (evidence) => {
          const courses = coursesOf(evidence);
          const largest = Math.max(...courses.map(({ alpha }) => alpha));
          return mean(
            courses.filter(({ alpha }) => alpha === largest).map(({ points }) => points[0].accuracy),
          );
        },
      },
      {
        says: "From the smallest α at the last",
        expected: above(0.9),
        measure: (evidence) => {
          const courses = coursesOf(evidence);
          const smallest = Math.min(...courses.map(({ alpha }) => alpha));
          return mean(
            courses.filter(({ alpha }) => alpha === smallest).map(({ points }) => points.at(-1)!.accuracy),
          );
        },
      },
    ],
  ),
  isLong: true,
  shortened: {
    "decay-clock": {
      "sweep[0]": { path: "init.alpha", values: [1, 3, 9] },
      "sweep[1]": { path: "train.time", linspace: [20, 320, 24] },
      "sweep[2]": { path: "data.seed", values: [1] },
    },
  },
};
