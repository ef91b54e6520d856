import { arrayKinds, arrayNames, axesByRank } from "../quantities/arrays.ts";
import { open, readFile, stat } from "node:fs/promises";
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AsyncBuffer } from "hyparquet";
import { mostNpyHead, npyLayout } from "../data/npy.ts";
import type { ArrayName } from "../document/types.ts";
import { type ClaimRow, parseClaims } from "./claims.ts";
import { decodeHistory, decodeTable } from "./decode.ts";
import { readBytes } from "./file-bytes.ts";
import { folderFiles } from "./folder.ts";
import { parseManifest } from "./manifest.ts";
import { sampleKernels } from "./sample.ts";
import type { DenseArray, Manifest, Results } from "./types.ts";

const mostManifestBytes = 64 * 2 ** 20;
/** Node holds no larger array. */
const mostArrayBytes = 2 ** 31 - 1;

/** Bytes that may be taken; what is larger is read in part. */
export interface ReadingBudget {
  history: number;
  ntk: number;
}

/**
 * Reads a results folder, which may come from anyone: sizes are checked before anything is allocated. Arrays are read
 * when they are first asked for; those that are too large are named instead.
 *
 * @param budget read within this, and not all, where one run's history and two kernels fit
 * @throws Error that names the folder and what is wrong, in one line
 */
export async function readResults(folder: string, budget?: ReadingBudget): Promise<Results> {
  const { manifest, runs } = await readRuns(folder);
  return naming(folder, async () => {
    const { history, thinned } = await reading(folder, folderFiles.history, (file, name) =>
      decodeHistory(file, name, budget?.history),
    );
    const claims = await readClaims(folder);
    const results: Results = {
      manifest,
      runs,
      history,
      ...(thinned && { thinned }),
      arrays: {},
      ...(claims && { claims }),
    };
    addArrays(results, folder, budget?.ntk);
    return results;
  });
}

/**
 * The part of `readResults` that has what runs ended with.
 *
 * @throws Error that names the folder and what is wrong, in one line
 */
export const readRuns = (folder: string): Promise<Pick<Results, "manifest" | "runs">> =>
  naming(folder, async () => {
    const manifest = await readManifest(folder);
    const runs = await reading(folder, folderFiles.runs, (file, name) =>
      decodeTable(file, name, ["run", "epochs", "time"]),
    );
    if (!runs.columns.status) throw new Error(`${folderFiles.runs} has no column "status"`);
    return { manifest, runs };
  });

async function naming<T>(folder: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new Error(`${folder}: ${(error as Error).message}`, { cause: error });
  }
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, folderFiles.manifest);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Error(`it is no results folder: there is no ${folderFiles.manifest}`);
  if (found.size > mostManifestBytes) throw new Error(`${folderFiles.manifest} has ${found.size} bytes`);
  return parseManifest(await readFile(path));
}

/** What `reproduce` has written beside them, where it has. */
async function readClaims(folder: string): Promise<ClaimRow[] | undefined> {
  const path = join(folder, folderFiles.claims);
  return (await stat(path).catch(() => undefined)) && parseClaims(await readFile(path));
}

/** Reads a file of the folder bit by bit. */
async function reading<T>(
  folder: string,
  name: string,
  decode: (file: AsyncBuffer, name: string) => Promise<T>,
): Promise<T> {
  const file = await open(join(folder, name), "r").catch(() => {
    throw new Error(`there is no ${name}; the experiment has not finished`);
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Error(`${name} is not a file`);
    const buffer: AsyncBuffer = {
      byteLength: found.size,
      slice: async (start, end = found.size) => {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, found.size) - start));
        await file.read(bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    };
    return await decode(buffer, name);
  } finally {
    await file.close();
  }
}

/** An array may be larger than everything else together, and most figures need none. */
function addArrays(results: Results, folder: string, kernelBytes?: number): void {
  const leaveOut = (name: ArrayName): void => void (results.unread = [...(results.unread ?? []), name]);
  for (const name of arrayNames) {
    const path = join(folder, folderFiles.arrays, `${name}.npy`);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) continue;
    const isSampled =
      name === "ntk" &&
      kernelBytes !== undefined &&
      (found.size > kernelBytes || results.thinned !== undefined);
    if (!isSampled && found.size > mostArrayBytes) {
      leaveOut(name);
      continue;
    }
    let read: DenseArray | undefined;
    let isRead = false;
    Object.defineProperty(results.arrays, name, {
      enumerable: true,
      get() {
        if (isRead) return read;
        read = readArray(results, path, name, isSampled ? kernelBytes : undefined);
        isRead = true;
        if (!read) leaveOut(name);
        return read;
      },
    });
  }
}

/**
 * One of the folder's arrays.
 *
 * @param bytes that its kernels may take, as long as two of them may; where left out, it is read whole
 * @returns undefined where not even two kernels can be held
 */
function readArray(results: Results, path: string, name: ArrayName, bytes?: number): DenseArray | undefined {
  const before = arrayKinds[name].when === "record" ? 2 : 1;
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const head = new Uint8Array(Math.min(size, mostNpyHead));
    readBytes(file, head, 0);
    const { shape, type, start } = npyLayout(head, size, path);
    if (type !== "f4") throw new Error(`${path} is not float32`);
    const ranks = Array.from(axesByRank(name).keys(), (rank) => before + rank);
    if (!ranks.includes(shape.length) || shape[0] !== results.runs.rows)
      throw new Error(
        `${path} has shape [${shape.join(", ")}]; it needs ${ranks.join(" or ")} axes, the first of ${results.runs.rows} runs`,
      );
    if (name === "ntk" && !(shape[2] === shape[3] && shape[2] > 0))
      throw new Error(`${path} has shape [${shape.join(", ")}]; its kernels must be square`);
    const read = (from: number, into: Float32Array): void =>
      readBytes(file, new Uint8Array(into.buffer, into.byteOffset, into.byteLength), start + 4 * from);
    if (bytes === undefined) {
      const data = new Float32Array((size - start) / 4);
      read(0, data);
      return { shape, data };
    }
    const twoKernels = 2 * 4 * shape[2] * shape[3];
    if (twoKernels > mostArrayBytes) return undefined;
    return sampleKernels(results, { shape }, Math.max(bytes, twoKernels), (slice, into) =>
      read(slice * into.length, into),
    );
  } finally {
    closeSync(file);
  }
}
