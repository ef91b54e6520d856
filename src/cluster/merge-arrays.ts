import { closeSync, fstatSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { mostNpyHead, npyHeader, type NpyLayout, npyLayout } from "../data/npy.ts";
import type { ArrayName } from "../document/types.ts";
import { arrayKinds } from "../quantities/arrays.ts";
import { bytesOf, nothing } from "../results/array-file.ts";
import { readBytes } from "../results/file-bytes.ts";
import { folderFiles } from "../results/folder.ts";
import { Replacement } from "../results/replacement.ts";
import { damaged } from "./shard-records.ts";
import type { TrainedShard } from "./shards.ts";

/** Bytes that are copied at once. */
const piece = 2 ** 22;

/**
 * Puts the arrays of shards one after the other: of runs with fewer records than another shard's have, NaN fills up.
 *
 * @throws DocumentError that names a shard whose array is damaged; disk errors
 */
export function mergeArrays(folder: string, name: ArrayName, shards: readonly TrainedShard[]): void {
  const layouts = shards.map((shard) => reading(shard, name, (_, layout) => layout));
  const hasRecords = arrayKinds[name].when === "record";
  const runs = layouts.reduce((sum, { shape }) => sum + shape[0], 0);
  const records = Math.max(...layouts.map(({ shape }) => (hasRecords ? shape[1] : 1)));
  const item = layouts[0].shape.slice(hasRecords ? 2 : 1);
  const numbers = item.reduce((product, side) => product * side, 1);
  const path = arrayPath(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  const file = new Replacement(path);
  try {
    file.append(npyHeader([runs, ...(hasRecords ? [records] : []), ...item], "f4"));
    for (const shard of shards)
      reading(shard, name, (from, { shape, start }) => {
        const own = hasRecords ? shape[1] : 1;
        const rest = (records - own) * numbers;
        const lengths = rest === 0 ? [shape[0] * own * numbers] : Array<number>(shape[0]).fill(own * numbers);
        let position = start;
        for (const length of lengths) {
          for (const end = position + 4 * length; position < end;) {
            const bytes = new Uint8Array(Math.min(piece, end - position));
            readBytes(from, bytes, position);
            file.append(bytes);
            position += bytes.length;
          }
          for (const empty of nothing(rest)) file.append(bytesOf(empty));
        }
      });
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

const arrayPath = (folder: string, name: ArrayName): string =>
  join(folder, folderFiles.arrays, `${name}.npy`);

function reading<T>(shard: TrainedShard, name: ArrayName, read: (file: number, layout: NpyLayout) => T): T {
  const path = arrayPath(shard.path, name);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    throw damaged(shard, `${path} is gone`);
  }
  try {
    return read(file, layoutOf(shard, path, file));
  } finally {
    closeSync(file);
  }
}

function layoutOf(shard: TrainedShard, path: string, file: number): NpyLayout {
  const { first, end } = shard.manifest.shard;
  const { size } = fstatSync(file);
  const head = new Uint8Array(Math.min(size, mostNpyHead));
  readBytes(file, head, 0);
  try {
    const layout = npyLayout(head, size, path);
    if (layout.shape[0] === end - first) return layout;
  } catch (error) {
    throw damaged(shard, (error as Error).message);
  }
  throw damaged(shard, `${path} is not of ${end - first} runs`);
}
