import { numberAt } from "./runs.ts";
import type { Results } from "../../src/results/types.ts";
import type { Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";

/** The slider of figures that show runs at one time: the last of these epochs first. */
export const epochSlider = (epochs: readonly number[]): Slider => ({
  kind: "slider",
  label: "Epoch",
  positions: epochs.length,
  initial: epochs.length - 1,
  show: (position) => formatNumber(epochs[position]),
  plays: true,
});

/** A run's frame at an epoch: its last record until then, so that a run that has ended stays as it was. */
export function frameAt<Recorded extends { row: number }>(
  results: Results,
  frames: readonly Recorded[],
  epoch: number,
): Recorded {
  const { epoch: epochs } = results.history.columns;
  return frames.findLast(({ row }) => numberAt(epochs, row) <= epoch) ?? frames[0];
}
