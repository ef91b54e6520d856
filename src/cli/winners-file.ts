/** Which kernels were the fastest, from one command to the next: a file in the user's cache folder. */

import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { utf8Text } from "../document/utf8-text.ts";
import type { AdapterReport } from "../gpu/adapter.ts";
import { readWinners, type Winners } from "../tuner/winners.ts";
import type { Say } from "./browser.ts";
import { userCacheFolder } from "./cache-folder.ts";
import { packageVersion } from "./package-root.ts";

/** Undefined where the user has no such folder. */
function path(): string | undefined {
  const folder = userCacheFolder();
  return folder && join(folder, "alphasweep", "winners.json");
}

/** Adapters that are remembered; the one that was seen longest ago goes first. */
const mostAdapters = 16;
/** A larger file is nobody's that has measured. */
const mostBytes = 16 * 2 ** 20;

const schema = v.object({ format: v.literal(1), adapters: v.record(v.string(), v.unknown()) });

/** Where winners are good for: one version of the kernels, one browser, one adapter. */
export const placeOf = (adapter: AdapterReport, browserVersion: string): string =>
  [
    `alphasweep ${packageVersion()}`,
    browserVersion,
    ...[adapter.vendor, adapter.architecture, adapter.device, adapter.description].filter(Boolean),
  ].join(", ");

/** What is remembered of a place; nothing where the file is missing, damaged or foreign. */
export function recallWinners(place: string, say: Say): Winners {
  const found = readAdapters(say)[place];
  return (found !== undefined && readWinners(found)) || {};
}

/** Adds winners of a place to the file, which appears whole or not at all. What fails costs a later measurement only. */
export function rememberWinners(place: string, fresh: Winners, say: Say): void {
  const file = path();
  if (file === undefined || Object.keys(fresh).length === 0) return;
  // Read again: another command may have learned something meanwhile.
  const { [place]: own, ...others } = readAdapters(() => {});
  const known = readWinners(own) ?? {};
  const adapters = [...Object.entries(others), [place, { ...known, ...fresh }] as const].slice(-mostAdapters);
  const part = `${file}.${randomUUID()}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(part, `${JSON.stringify({ format: 1, adapters: Object.fromEntries(adapters) })}\n`);
    renameSync(part, file);
  } catch (error) {
    say(`the fastest kernels are not remembered: ${(error as Error).message}`);
    try {
      rmSync(part, { force: true });
    } catch {
      // Where no folder could be made there is no part either.
    }
  }
}

function readAdapters(say: Say): Record<string, unknown> {
  const file = path();
  if (file === undefined) return {};
  const ignored = (why: string): Record<string, unknown> => {
    say(`${file} ${why}: it is ignored`);
    return {};
  };
  let bytes: Uint8Array;
  try {
    const found = statSync(file);
    if (!found.isFile()) return ignored("is not a file");
    if (found.size > mostBytes) return ignored("is too large");
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    return ignored(`cannot be read (${(error as Error).message})`);
  }
  const text = utf8Text(bytes);
  if (text === undefined) return ignored("is not UTF-8 text");
  try {
    const read = v.safeParse(schema, JSON.parse(text));
    return read.success ? read.output.adapters : ignored("holds no fastest kernels");
  } catch {
    return ignored("is not JSON");
  }
}
