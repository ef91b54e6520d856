/** Measures kernels before a training, with what is remembered of the adapter. */

import type { Settled } from "../../wgsl/choice.ts";
import type { Tuned } from "../../tuner/tune.ts";
import type { Say } from "./browser.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import { explain, Interrupted } from "../process/failure.ts";
import type { Trainer } from "./trainer.ts";
import { placeOf } from "./adapter-file.ts";
import { recallWinners, rememberWinners } from "./winners-file.ts";

/** ALPHASWEEP_TUNING_SECONDS, where it is a number, is what measuring may take, however short a training is. */
export function tuningBudget(): { budget?: number; least?: number } {
  const seconds = Number(process.env.ALPHASWEEP_TUNING_SECONDS || NaN);
  return seconds >= 0 ? { budget: 1000 * seconds, least: 0 } : {};
}

/**
 * Settles how a training's works are done. What fails costs speed, never the training.
 *
 * @param tell takes what `--verbose` prints
 * @throws Interrupted
 */
export async function tunedFor(
  opened: OpenedExperiment,
  trainer: Trainer,
  signal: AbortSignal,
  tell: Say,
): Promise<Settled> {
  const place = placeOf(trainer.adapter, trainer.browserVersion);
  try {
    const { tuned, settled, fresh } = await trainer.tune(opened, recallWinners(place, tell), signal);
    rememberWinners(place, fresh, tell);
    if (tuned.length === 0) tell("the standard kernels are taken: to measure others would not pay here");
    for (const line of tuned.flatMap(tunedText)) tell(line);
    return settled;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    tell(`kernels were not measured: ${explain(error)}`);
    return {};
  }
}

/** What was found of a work, a line a variant: "predictor_products.wgsl samples=100: plain LANES=64 412 us, ...". */
export function tunedText({ work, winner, standard, microseconds, refused, remembered }: Tuned): string[] {
  const how = remembered
    ? "remembered"
    : winner === standard
      ? "measured: the standard one"
      : `measured, not ${standard}`;
  const times = Object.entries(microseconds).map(([name, time]) => `  ${timeText(time)}  ${name}`);
  const others = Object.entries(refused).map(([name, why]) => `  ${"".padEnd(12)}  ${name}: ${why}`);
  return [`${work}: ${winner} (${how})`, ...times, ...others];
}

/** Microseconds, to three digits, of an even width. */
export const timeText = (microseconds: number): string =>
  `${Number(microseconds.toPrecision(3))} µs`.padStart(12);
