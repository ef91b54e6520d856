import type { Say } from "./browser.ts";
import { exitCodes, Interrupted } from "../process/failure.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm passes a signal on that the terminal has sent to everyone: the second of two so close is the same one. */
const echoMilliseconds = 700;

export interface Interrupt {
  /** Aborted by the first Ctrl-C; the second ends the process. */
  signal: AbortSignal;
  /** Leaves signals to whoever listened before. */
  release(): void;
}

/** Rejects with Interrupted when the signal is aborted; it may do so while nobody is listening. */
export function interruption(signal: AbortSignal): Promise<never> {
  const promise = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new Interrupted());
    signal.addEventListener("abort", () => reject(new Interrupted()), { once: true });
  });
  promise.catch(() => {});
  return promise;
}

/** Listens for Ctrl-C and its like. */
export function listenForInterrupt(say: Say): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const stop = (): void => {
    if (first === 0) {
      first = Date.now();
      say("interrupted; keeping what is finished (Ctrl-C again to give it up)");
      controller.abort(new Interrupted());
    } else if (Date.now() - first > echoMilliseconds) process.exit(exitCodes.interrupted);
  };
  for (const signal of signals) process.on(signal, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
