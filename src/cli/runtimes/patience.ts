/**
 * Waiting for a software adapter in Node. While a promise of a device's is open, Dawn asks for its end at every turn of the event
 * loop: that keeps a core busy, half of what the adapter computes with on two. A short sleep a turn leaves the core to it.
 */

/** Milliseconds: little against a submission, much against a turn. */
export const NAP = 0.05;

/** Nobody wakes it. */
const cell = new Int32Array(new SharedArrayBuffer(4));

let open = 0;

function nap(): void {
  if (open === 0) return;
  Atomics.wait(cell, 0, 0, NAP);
  setImmediate(nap);
}

type Promising = Record<string, (...given: unknown[]) => Promise<unknown>>;

let isPatient = false;

/** From now on this process sleeps while it waits for a device. Dawn's classes are globals by then. */
export function waitPatiently(): void {
  if (isPatient) return;
  isPatient = true;
  for (const [kind, method] of [
    [GPUDevice, "createComputePipelineAsync"],
    [GPUQueue, "onSubmittedWorkDone"],
    [GPUBuffer, "mapAsync"],
  ] as const) {
    const prototype = kind.prototype as unknown as Promising;
    const promise = prototype[method];
    prototype[method] = function (...given) {
      const result = promise.apply(this, given);
      if (open++ === 0) setImmediate(nap);
      const close = () => void open--;
      result.then(close, close);
      return result;
    };
  }
}
