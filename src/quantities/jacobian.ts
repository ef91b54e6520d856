import type { Measure } from "./measured.ts";

/** How far Jacobians have turned: 1 - <J0, J> / (|J0| |J|), from J0 and J - J0, so that it does not round to zero. */
export const jacobianMeasures = {
  gradient_distance: ({ model }) => {
    const column = model.jacobian();
    return (record) => {
      const [start, inner, change] = [0, 1, 2].map((place) => record.column(column + place));
      // What of the change is at right angles to J0.
      const across = Math.max(0, change - inner ** 2 / start);
      const J0 = Math.sqrt(start);
      const J = Math.sqrt(Math.max(0, start + 2 * inner + change));
      return across / (J * (J + J0 + inner / J0));
    };
  },
} satisfies Record<string, Measure>;
