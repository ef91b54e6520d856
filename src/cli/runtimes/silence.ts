import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";

/**
 * Does work in which native code writes to the error stream what is no news to anybody.
 *
 * Only Linux can put the stream back, and only a terminal, a pipe, or a file that is appended to: of any other file, which
 * another stream or a later command may write to as well, the place would be lost. A file that is written at its end, as after `2>`,
 * becomes one that is appended to, for all who write to it. Elsewhere the work is done as it is.
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
    if (!stream.isFIFO() && !stream.isCharacterDevice() && !isAppended() && !becomesAppended(stream))
      return undefined;
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
const isAppended = (): boolean => (parseInt(said("flags"), 8) & constants.O_APPEND) !== 0;

/** Has `dd` set what Node cannot of an open file; where it cannot either, the file stays as it is. */
function becomesAppended({ size }: Stats): boolean {
  if (Number(said("pos")) !== size) return false;
  spawnSync("dd", ["oflag=append", "conv=notrunc", "count=0", "status=none"], {
    stdio: ["ignore", errors, "ignore"],
  });
  return isAppended();
}

/** What the kernel says of the open stream. */
const said = (name: string): string =>
  new RegExp(`^${name}:\\s*(\\d+)$`, "m").exec(readFileSync(`/proc/self/fdinfo/${errors}`, "utf8"))?.[1] ??
  "";

/** The lowest number that is free is taken, and those below are the other streams. */
function replace(path: string): void {
  closeSync(errors);
  openSync(path, "a");
}
