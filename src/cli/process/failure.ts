/** Exit codes of the command, and what is told of a failure. */

import { inspect, stripVTControlCharacters } from "node:util";
import { DocumentError } from "../../document/error.ts";
import { AdapterError } from "../../gpu/adapter.ts";
import { missingPackages } from "./missing-packages.ts";

export const exitCodes = { done: 0, failed: 1, usage: 2, noBrowser: 3, interrupted: 130 } as const;

/** The command was called in a way it does not understand. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** There is no browser that trains. */
export class BrowserError extends Error {
  override name = "BrowserError";
}

/** The browser, its page or its GPU has ended in the middle of training. */
export class BrowserGone extends Error {
  override name = "BrowserGone";
}

/** The user has stopped the command. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("interrupted");
  }
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof DocumentError) return exitCodes.usage;
  if (error instanceof BrowserError || error instanceof AdapterError) return exitCodes.noBrowser;
  if (error instanceof Interrupted) return exitCodes.interrupted;
  return exitCodes.failed;
}

/** What to print of an error: one line; with ALPHASWEEP_DEBUG set, where it came from too. */
export function explain(error: unknown): string {
  if (process.env.ALPHASWEEP_DEBUG && error instanceof Error) return inspect(error);
  const message = error instanceof Error ? error.message : String(error);
  const line = stripVTControlCharacters(message)
    .trim()
    .replace(/\s*\n\s*/g, " ");
  // Those of classes of our own quote what users have written.
  const isForeign = error instanceof Error && error.name === "Error";
  return (isForeign && missingPackages(line)) || line;
}
