/** What the lab's charts over training share: the axis of epochs, the time that is shown, and which lines step back. */

import * as Plot from "@observablehq/plot";
import type { Results } from "../../src/results/types.ts";
import type { Axis } from "../figures/chart.ts";
import type { Frame, Slider } from "../figures/figure.ts";
import { kernelEpochs } from "../figures/kernel-scale.ts";
import { numberAt } from "../figures/runs.ts";
import { epochSlider } from "../figures/epoch-slider.ts";

export interface LabControls extends Record<string, Slider> {
  epoch: Slider;
}

/** The time that all figures of the lab show. */
export const labControls = (results: Results): LabControls => ({ epoch: epochSlider(kernelEpochs(results)) });

export function epochAt(results: Results, position: number): number {
  const epochs = kernelEpochs(results);
  return epochs[Math.min(position, epochs.length - 1)];
}

/** From the start, or where a reader looks. */
export function epochAxis(results: Results, { epochs: looked }: Frame): Axis {
  const epochs = kernelEpochs(results);
  const last = epochs.at(-1)!;
  const first = looked && looked[0] > 0 ? epochs.find((epoch) => epoch >= looked[0]) : undefined;
  if (first !== undefined && first < last) return { title: "epoch", type: "log", domain: [first, last] };
  const constant = epochs.find((epoch) => epoch > 0) ?? 1;
  return constant < last
    ? { title: "epoch", type: "symlog", constant, domain: [0, last] }
    : { title: "epoch", type: "linear", domain: [0, Math.max(1, last)] };
}

export const isOn = ({ domain }: Axis, epoch: number): boolean => epoch >= domain[0] && epoch <= domain[1];

/** A rule at the time that is shown. */
export const nowRule = (epoch: number, axis: Axis, { theme }: Frame): Plot.Markish =>
  Plot.ruleX(isOn(axis, epoch) ? [epoch] : [], { stroke: theme.muted, strokeDasharray: "3,3" });

export const runOf = ({ runs }: Results, row: number): number => numberAt(runs.columns.run, row);

/** How clear a run is: it steps back where others are picked. */
export const clarity = (results: Results, { picked }: Frame, rows: readonly number[]) => {
  const somePicked = rows.some((row) => picked?.has(runOf(results, row)));
  return (row: number): number => (!somePicked || picked!.has(runOf(results, row)) ? 1 : 0.2);
};
