import type { SweepAxis } from "../document/types.ts";

/** Moves to the next point of the product of these axes, the last one fastest; after the last point, to the first. */
export function advance(steps: number[], axes: readonly SweepAxis[], moving: readonly number[]): void {
  for (let place = moving.length - 1; place >= 0; place--) {
    const axis = moving[place];
    if (++steps[axis] < axes[axis].values.length) return;
    steps[axis] = 0;
  }
}
