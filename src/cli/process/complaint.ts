import { spawnSync } from "node:child_process";

/** Why a browser has ended, in its own words. */
export interface Complaint {
  text: string;
  /** It will be so each time. */
  isFatal: boolean;
}

const versionMilliseconds = 10_000;

/**
 * What a browser that has ended complains of; undefined where it says nothing that tells.
 *
 * @param told what it wrote to its error stream
 */
export function complaintOf(executable: string, told: string): Complaint | undefined {
  if (/no usable sandbox/i.test(told))
    return {
      text: "its sandbox needs user namespaces, which this system or container does not allow; allow them, or run as root",
      isFatal: true,
    };
  const lines = linesOf(told);
  const fatal = lines.find((line) => /error while loading shared libraries|FATAL/.test(line));
  if (fatal !== undefined) return { text: fatal, isFatal: true };
  if (lines.length === 0) return undefined;
  const usual = new Set(usualLines(executable).map(withoutNumbers));
  // Without a desktop a browser always misses its message bus.
  const text = lines.find((line) => !usual.has(withoutNumbers(line)) && !/\bd?bus\b/i.test(line));
  return text === undefined ? undefined : { text, isFatal: false };
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** Processes, times and sizes are others every time. */
const withoutNumbers = (line: string): string => line.replace(/\d+/g, "0");

/** What the browser, or the script that starts it, writes where nothing is wrong. (On Windows it would open a window.) */
function usualLines(executable: string): string[] {
  if (process.platform === "win32") return [];
  const { status, stderr } = spawnSync(executable, ["--version"], {
    encoding: "utf8",
    timeout: versionMilliseconds,
  });
  return status === 0 ? linesOf(stderr) : [];
}
