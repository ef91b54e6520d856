import { type Guard, guardOf, type Trained } from "../../guard/guard.ts";
import type { Settled } from "../../wgsl/choice.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import type { Trainer } from "../runtimes/trainer.ts";

/**
 * Trains one run of an experiment for a few epochs or steps, in float64 here and in float32 on the trainer's adapter. What
 * it finds depends on the document, its files, the adapter and what was settled on alone.
 *
 * @throws what the trainer throws
 */
export const guardOn = (
  { experiment, files }: OpenedExperiment,
  trainer: Trainer,
  settled: Settled,
  signal: AbortSignal,
): Promise<Guard> =>
  guardOf(experiment, files, async (document, sweepSize) => {
    const trained: Trained = { times: [] };
    await trainer.train(
      { text: JSON.stringify(document), name: "guard", files, settled, sweepSize },
      {
        record({ epoch, time }) {
          trained.times[epoch[0]] = time[0]!;
        },
        end({ arrays }) {
          Object.assign(trained, { predictor: arrays?.predictor?.data, weights: arrays?.weights?.data });
        },
      },
      signal,
    );
    return trained;
  });
