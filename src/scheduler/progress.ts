import type { Member } from "../plan/cohort.ts";
import type { RunStatus } from "./sink.ts";

/** How far a run has come. */
export interface RunProgress {
  /** Epochs of descent, accepted steps of a flow. */
  epoch: number;
  /** Sum of the step sizes. */
  time: number;
  /** The run has stopped: by its loss, by diverging, or by having made all its steps. */
  stopped: boolean;
  status: RunStatus;
}

/** The runs' progress on the GPU, `words` words a run, and what it means. */
export interface Progress {
  buffer: GPUBuffer;
  words: number;
  /**
   * @param copy of the buffer, as words
   * @param updates made when it was copied by the runs that still trained
   */
  read(copy: Uint32Array, position: number, updates: number): RunProgress;
}

/** Status words as the shaders write them. */
export const STATUS: readonly RunStatus[] = ["finished", "converged", "diverged", "finished"];

/** Descent: the update before which a run stops, and why it stopped. */
export function descentProgress(buffer: GPUBuffer, members: readonly Member[], batches: number): Progress {
  return {
    buffer,
    words: 2,
    read(copy, position, updates) {
      const until = copy[2 * position];
      const made = Math.min(until, updates);
      const { train } = members[position].run;
      return {
        // A run that diverges within an epoch has had its record before.
        epoch: Math.ceil(made / batches),
        time: train.method === "gradient-descent" ? made * train.stepSize : NaN,
        stopped: until <= updates,
        status: STATUS[copy[2 * position + 1]],
      };
    },
  };
}

/** Words of `struct Progress` (shaders/flow_decide.wgsl). */
export const FLOW_WORDS = 9;
export const FLOW_WAITING = 3;

/** Gradient flow: accepted steps, status, and time in two parts. */
export function flowProgress(buffer: GPUBuffer): Progress {
  return {
    buffer,
    words: FLOW_WORDS,
    read(copy, position) {
      const at = FLOW_WORDS * position;
      const times = new Float32Array(copy.buffer, copy.byteOffset + 4 * (at + 4), 2);
      const status = copy[at + 2];
      return {
        epoch: copy[at],
        time: times[0] + times[1],
        stopped: status !== 0,
        status: STATUS[status],
      };
    },
  };
}
