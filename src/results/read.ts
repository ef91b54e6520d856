import { open, readFile, stat } from "node:fs/promises";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AsyncBuffer } from "hyparquet";
import { readNpy } from "../data/npy.ts";
import type { ArrayName } from "../document/types.ts";
import { decodeTable } from "./decode.ts";
import { folderFiles } from "./folder.ts";
import { parseManifest } from "./manifest.ts";
import type { DenseArray, Manifest, Results } from "./types.ts";

const mostManifestBytes = 64 * 2 ** 20;
/** Node reads no larger file at once. */
const mostArrayBytes = 2 ** 31 - 1;

const arrayRanks: Record<ArrayName, number> = { ntk: 4, test_ntk: 4, predictor: 2, weights: 2 };

/**
 * Reads a results folder, which may come from anyone: sizes are checked before anything is allocated. Arrays are read
 * when they are first asked for; those that are too large are named instead.
 *
 * @throws Error that names the folder and what is wrong, in one line
 */
export async function readResults(folder: string): Promise<Results> {
  try {
    const manifest = await readManifest(folder);
    const runs = await readTable(folder, folderFiles.runs, ["run", "epochs", "time"]);
    const history = await readTable(folder, folderFiles.history, ["run", "epoch", "time"]);
    if (!runs.columns.status) throw new Error(`${folderFiles.runs} has no column "status"`);
    return { manifest, runs, history, ...lazyArrays(folder, runs.rows) };
  } catch (error) {
    throw new Error(`${folder}: ${(error as Error).message}`, { cause: error });
  }
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, folderFiles.manifest);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Error(`it is no results folder: there is no ${folderFiles.manifest}`);
  if (found.size > mostManifestBytes) throw new Error(`${folderFiles.manifest} has ${found.size} bytes`);
  return parseManifest(await readFile(path, "utf8"));
}

async function readTable(folder: string, name: string, numeric: readonly string[]): Promise<Results["runs"]> {
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
    return await decodeTable(buffer, name, numeric);
  } finally {
    await file.close();
  }
}

/** An array may be larger than everything else together, and most figures need none. */
function lazyArrays(folder: string, runs: number): Pick<Results, "arrays" | "unread"> {
  const arrays: Results["arrays"] = {};
  const unread: ArrayName[] = [];
  for (const name of Object.keys(arrayRanks) as ArrayName[]) {
    const path = join(folder, folderFiles.arrays, `${name}.npy`);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) continue;
    if (found.size > mostArrayBytes) {
      unread.push(name);
      continue;
    }
    let read: DenseArray | undefined;
    Object.defineProperty(arrays, name, {
      enumerable: true,
      get: () => (read ??= readArray(folder, `${folderFiles.arrays}/${name}.npy`, arrayRanks[name], runs)),
    });
  }
  return { arrays, ...(unread.length > 0 && { unread }) };
}

function readArray(folder: string, name: string, rank: number, runs: number): DenseArray {
  const { shape, values } = readNpy(readFileSync(join(folder, name)), `${folder}: ${name}`);
  if (!(values instanceof Float32Array)) throw new Error(`${folder}: ${name} is not float32`);
  if (shape.length !== rank || shape[0] !== runs)
    throw new Error(`${folder}: ${name} has shape [${shape.join(", ")}]; it needs ${rank} axes, the first of ${runs} runs`);
  return { shape, data: values };
}
