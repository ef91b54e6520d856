/** Which adapters Dawn offers. A driver that is broken may end the process that looks for it, so that is one of its own. */

import { spawn } from "node:child_process";
import { isSoftware } from "../../gpu/adapter.ts";
import { packageRoot } from "../process/package-root.ts";

export interface DawnAdapters {
  /** As Dawn calls them, in its order: "llvmpipe (LLVM 15.0.6, 256 bits)". */
  names: string[];
  /** What the loader, the drivers and Dawn complained of: lines. */
  told: string[];
}

/** No adapter's name holds it: Dawn then lists those that it has. */
const nobody = "\u{1f50d}";

const script = `
  const { create } = await import("webgpu");
  await create(["adapter=${nobody}"]).requestAdapter().catch((error) => process.stdout.write(error.message));
`;

/** How long drivers may take to start. */
const patienceMilliseconds = 20_000;

let found: Promise<DawnAdapters> | undefined;

/** Dawn's adapters, looked for once; none where the package is missing, does not load, or finds no driver. */
export const dawnAdapters = (): Promise<DawnAdapters> => (found ??= look());

function look(): Promise<DawnAdapters> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      // Where its packages are found.
      cwd: packageRoot,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: patienceMilliseconds,
    });
    let [listed, errors] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => (listed += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (errors += bytes.toString()));
    const conclude = (problem?: string): void =>
      resolve({
        names: Array.from(listed.matchAll(/name: '(.*)'$/gm), ([, name]) => name),
        told: [...new Set(errors.split("\n").filter((line) => line.trim() && !isHarmless.test(line)))].concat(
          problem ?? [],
        ),
      });
    child.on("error", (error) => conclude(error.message));
    child.on("close", (code, signal) =>
      conclude(
        code === 0 ? undefined : `looking for drivers has ended with ${signal ?? `exit code ${code}`}`,
      ),
    );
  });
}

/** Said of every driver that works. */
const isHarmless = /artificially reduced|^\s+at .*\.cpp/;

/**
 * The adapter that is meant by a part of its name, by its number from 0, or by the name that WebGPU reports it under.
 *
 * @returns undefined where there is none
 */
export const adapterCalled = (text: string, names: readonly string[]): string | undefined =>
  /^\d+$/.test(text)
    ? names[Number(text)]
    : (names.find((name) => name.includes(text)) ?? names.find((name) => reported(name) === text));

/** WebGPU reports names in small letters, digits and dashes. */
const reported = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** The fastest of software adapters: LLVM compiles for this processor's vector registers. */
export const isLavapipe = (name: string): boolean => /llvmpipe|lavapipe/i.test(name);

export const hardwareOf = ({ names }: DawnAdapters): string | undefined =>
  names.find((name) => !isSoftware(name));
