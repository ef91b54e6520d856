/** Where a training runs. */

import { AdapterError, isSoftware } from "../../gpu/adapter.ts";
import { dawnAdapters, hardwareOf, isLavapipe } from "./dawn-adapters.ts";
import { BrowserError } from "../process/failure.ts";
import { mayHaveGpu } from "./launch.ts";
import { NodeTrainer } from "./node-trainer.ts";
import { Session, type SessionOptions } from "./session.ts";
import type { RuntimeChoice, Trainer } from "./trainer.ts";

export type TrainerOptions = SessionOptions & {
  /** A part of an adapter's name, or its number, where it is not to be the first: of Dawn's. */
  device?: string;
  /** Whether what Dawn and drivers say themselves reaches the error stream, too. */
  verbose?: boolean;
};

/** @throws BrowserError, AdapterError, or Interrupted */
export function openTrainer(runtime: RuntimeChoice, options: TrainerOptions): Promise<Trainer> {
  if (runtime === "node") return NodeTrainer.open(options);
  return runtime === "chrome" ? Session.open(options) : openFastest(options);
}

/**
 * Opens what computes the fastest: a GPU in Chrome, else a GPU by Dawn, else lavapipe by Dawn, else Chrome's SwiftShader, else any
 * that Dawn has.
 *
 * @throws BrowserError, AdapterError, or Interrupted
 */
async function openFastest(options: TrainerOptions): Promise<Trainer> {
  const { adapter, device } = options;
  // Only Dawn takes one by its name.
  if (device !== undefined) return NodeTrainer.open(options);
  if (adapter === "hardware" || (adapter === "auto" && mayHaveGpu())) {
    const inChrome = await Session.open({ ...options, adapter: "hardware" }).catch(unlessMissing);
    if (inChrome instanceof Session) return inChrome;
    const name = hardwareOf(await dawnAdapters());
    if (name !== undefined)
      return because(await NodeTrainer.open({ ...options, device: name }), "Chrome has no GPU");
    if (adapter === "hardware") throw inChrome;
  }
  const { names } = await dawnAdapters();
  const lavapipe = names.find(isLavapipe);
  const software = { ...options, adapter: "software" } as const;
  if (lavapipe !== undefined)
    return because(
      await NodeTrainer.open({ ...software, device: lavapipe }),
      "there is no GPU, and LLVM's adapter mostly computes faster than Chrome's",
    );
  const inChrome = await Session.open(software).catch(unlessMissing);
  if (inChrome instanceof Session)
    return because(inChrome, `there is no GPU; "alphasweep doctor" tells what would be faster`);
  const other = names.find(isSoftware);
  if (other === undefined) throw inChrome;
  return because(
    await NodeTrainer.open({ ...software, device: other }),
    "there is neither a GPU nor a browser that trains",
  );
}

/** @throws every error but that of a browser or an adapter that is not there */
function unlessMissing(error: unknown): BrowserError | AdapterError {
  if (error instanceof BrowserError || error instanceof AdapterError) return error;
  throw error;
}

function because(trainer: NodeTrainer | Session, reason: string): Trainer {
  trainer.reason = reason;
  return trainer;
}
