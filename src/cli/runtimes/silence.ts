import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * Does work in which native code writes to the error stream what is no news to anybody.
 *
 * Only Linux can put the stream back, and only a terminal, a pipe, or a file that is appended to: of any other file, which
 * another stream or a later command may write to as well, the place would be lost. Elsewhere the work is done as it is.
 */
export async function silently<Result>(work: () => Promise<Result>): Promise<Result> {
  const kept = takeErrors();
  try {
    return await work();
  } finally {
    kept?.();
  }
}

const errors = 2;

/** @returns what puts the stream back, undefined where it was left alone */
function takeErrors(): (() => void) | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const stream = fstatSync(errors);
    if (!stream.isFIFO() && !stream.isCharacterDevice() && !isAppended()) return undefined;
    const kept = openSync(`/proc/self/fd/${errors}`, "a");
    replace("/dev/null");
    return () => {
      replace(`/proc/self/fd/${kept}`);
      closeSync(kept);
    };
  } catch {
    return undefined;
  }
}

/** Whether all that is written goes to the end of the file, wherever others write. */
function isAppended(): boolean {
  const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${errors}`, "utf8")) ?? [];
  return (parseInt(flags ?? "0", 8) & constants.O_APPEND) !== 0;
}

/** The lowest number that is free is taken, and those below are the other streams. */
function replace(path: string): void {
  closeSync(errors);
  openSync(path, "a");
}
