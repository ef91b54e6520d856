/** The streams that a command prints to, which may be anything. */

import { reasonOf } from "./system-error.ts";

/** A reader or a terminal that has gone: it has read all that it wanted to (`alphasweep list | head -1`). */
const gone = ["EPIPE", "EIO"];

export interface Output {
  /** Why what was printed could not be written, if that is so, once all of it is out. */
  written(): Promise<string | undefined>;
}

/** From now on a stream that fails ends nothing: what the command does besides printing is done. */
export function watchOutput(): Output {
  let failure: NodeJS.ErrnoException | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!gone.includes(error.code ?? "")) failure ??= error;
  });
  // There is nowhere left to tell it.
  process.stderr.on("error", () => {});
  return {
    async written() {
      const streams = [process.stdout, process.stderr];
      await Promise.all(streams.map((stream) => new Promise((done) => stream.write("", done))));
      return failure && `standard output cannot be written: ${reasonOf(failure)}`;
    },
  };
}
