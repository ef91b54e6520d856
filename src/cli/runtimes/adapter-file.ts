/** What is known of adapters, from one command to the next: a file in the user's cache folder. */

import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { utf8Text } from "../../document/utf8-text.ts";
import type { AdapterReport } from "../../gpu/adapter.ts";
import type { Say } from "./browser.ts";
import { userCacheFolder } from "../process/cache-folder.ts";
import { packageVersion } from "../process/package-root.ts";

/** Adapters that are remembered; the one that was seen longest ago goes first. */
const mostAdapters = 16;
/** A larger file is nobody's that has measured. */
const mostBytes = 16 * 2 ** 20;

const schema = v.object({ format: v.literal(1), adapters: v.record(v.string(), v.unknown()) });

/** Where what was measured holds: one version of the kernels, one browser, one adapter. */
export const placeOf = (adapter: AdapterReport, browserVersion: string): string =>
  [
    `alphasweep ${packageVersion()}`,
    browserVersion,
    ...[adapter.vendor, adapter.architecture, adapter.device, adapter.description].filter(Boolean),
  ].join(", ");

export class AdapterFile {
  /**
   * @param name of the file
   * @param contents as messages call it: "fastest kernels"
   */
  constructor(
    private readonly name: string,
    private readonly contents: string,
  ) {}

  /** What is known of every adapter, by place; nothing where the file is missing, damaged or foreign. */
  read(say: Say): Record<string, unknown> {
    const file = this.#path();
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
      return read.success ? read.output.adapters : ignored(`holds no ${this.contents}`);
    } catch {
      return ignored("is not JSON");
    }
  }

  /**
   * Puts what is known of a place in the file, which appears whole or not at all. What fails costs a later measurement only.
   *
   * @param update what was known before, to what is known now: another command may have learned something meanwhile
   */
  write(place: string, update: (known: unknown) => unknown, say: Say): void {
    const file = this.#path();
    if (file === undefined) return;
    const { [place]: own, ...others } = this.read(() => {});
    const adapters = [...Object.entries(others), [place, update(own)] as const].slice(-mostAdapters);
    const part = `${file}.${randomUUID()}`;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(part, `${JSON.stringify({ format: 1, adapters: Object.fromEntries(adapters) })}\n`);
      renameSync(part, file);
    } catch (error) {
      say(`the ${this.contents} are not remembered: ${(error as Error).message}`);
      try {
        rmSync(part, { force: true });
      } catch {
        // Where no folder could be made there is no part either.
      }
    }
  }

  /** Undefined where the user has no such folder. */
  #path(): string | undefined {
    const folder = userCacheFolder();
    return folder && join(folder, "alphasweep", this.name);
  }
}
