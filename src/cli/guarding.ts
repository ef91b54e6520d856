import type { Settled } from "../kernels/choice.ts";
import { documentOf, type Guard, judge, sampleOf } from "../guard/guard.ts";
import type { OpenedExperiment } from "./experiment-file.ts";
import type { Trainer } from "./trainer.ts";

/**
 * Trains one run of an experiment for a few epochs, in float64 here and in float32 on the trainer's adapter. It depends
 * on the document, its files, the adapter and what was settled on alone.
 *
 * @throws what the trainer throws
 */
export async function guardOf(
  { experiment, files }: OpenedExperiment,
  trainer: Trainer,
  settled: Settled,
  signal: AbortSignal,
): Promise<Guard> {
  const sample = await sampleOf(experiment, files);
  if (!("expected" in sample)) return sample;
  let values: Float32Array | undefined;
  await trainer.train(
    { text: JSON.stringify(documentOf(sample)), name: "guard", files, settled },
    {
      record: () => {},
      end: (block) => {
        values = block[sample.compared];
      },
    },
    signal,
  );
  return judge(sample, values!);
}
