/** Where the shards of a sweep lie, and whether they are of one sweep. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { firstDifference } from "../document/difference.ts";
import { DocumentError } from "../document/error.ts";
import { formatPath } from "../document/path.ts";
import { folderFiles } from "../results/folder.ts";
import { parseManifest } from "../results/manifest.ts";
import type { Manifest, Shard } from "../results/types.ts";
import { adapterName } from "./adapter-name.ts";

/** Which of how many, counted from 1. */
export type Place = Pick<Shard, "index" | "count">;

/** A shard's folder with what its manifest says; undefined where it has none yet. */
export interface FoundShard extends Place {
  path: string;
  manifest?: ShardManifest | undefined;
}

type ShardManifest = Manifest & { shard: Shard };

export interface TrainedShard extends FoundShard {
  manifest: ShardManifest;
}

export const shardFolder = (folder: string, { index, count }: Place): string =>
  join(folder, folderFiles.shards, `${index}-of-${count}`);

/**
 * All shards of a folder, in order: those that are not there, too.
 *
 * @returns nothing where none has begun
 * @throws DocumentError where there are shards of several counts, or a manifest cannot be read
 */
export function findShards(folder: string): FoundShard[] {
  const counts = countsIn(folder);
  if (counts.length > 1)
    throw new DocumentError(
      folder,
      `holds shards of ${counts.join(" and of ")}; remove those of all counts but one from ${join(folder, folderFiles.shards)}`,
    );
  return Array.from({ length: counts[0] ?? 0 }, (_, k) => {
    const place = { index: k + 1, count: counts[0] };
    const path = shardFolder(folder, place);
    return { ...place, path, manifest: readManifest(path) };
  });
}

/**
 * Refuses a shard beside shards of another count.
 *
 * @throws DocumentError
 */
export function refuseOtherCount(folder: string, { count }: Place): void {
  const other = countsIn(folder).find((known) => known !== count);
  if (other !== undefined)
    throw new DocumentError(
      folder,
      `holds shards of ${other}, and this is one of ${count}; give another folder with --out`,
    );
}

function countsIn(folder: string): number[] {
  const path = join(folder, folderFiles.shards);
  const names = existsSync(path) ? readdirSync(path) : [];
  const counts = names.flatMap((name) => Number(/^\d+-of-(\d+)$/.exec(name)?.[1] ?? NaN) || []);
  return [...new Set(counts)].sort((one, other) => one - other);
}

function readManifest(path: string): FoundShard["manifest"] {
  const file = join(path, folderFiles.manifest);
  if (!existsSync(file)) return undefined;
  try {
    const manifest = parseManifest(readFileSync(file));
    if (!manifest.shard) throw new Error("it is no shard's");
    return { ...manifest, shard: manifest.shard };
  } catch (error) {
    throw new DocumentError(
      path,
      `cannot be read: ${(error as Error).message}; remove it, and train it again`,
    );
  }
}

/**
 * Makes sure that all shards are there, finished, and of one sweep.
 *
 * @param commandOf words of the command that trains a shard
 * @throws DocumentError, one line: which are not, and how they are trained
 */
export function checkShards(
  folder: string,
  shards: readonly FoundShard[],
  commandOf: (command: readonly string[], place: Place) => string,
): asserts shards is readonly TrainedShard[] {
  const known = shards.find(({ manifest }) => manifest)?.manifest;
  if (!known)
    throw new DocumentError(
      folder,
      `holds no shards; train them by "alphasweep run ... --shard 1/16 --out ${folder}"`,
    );
  const rest = shards.filter(({ manifest }) => manifest?.status !== "finished");
  if (rest.length > 0) {
    const { command } = known.shard;
    const first = rest[0];
    throw new DocumentError(
      folder,
      `cannot be merged: ${restText(rest)}; to train ${rest.length === 1 ? "it" : `shard ${first.index}, and the others likewise`}: ${commandOf(command, first)}`,
    );
  }
  let end = 0;
  for (const shard of shards as TrainedShard[]) {
    refuseOther(shard, known, shards as TrainedShard[]);
    if (shard.manifest.shard.first !== end)
      throw new DocumentError(
        shard.path,
        "was cut otherwise than the shards before it; remove it, and train it again",
      );
    end = shard.manifest.shard.end;
  }
}

/** "shards 2 and 5 of 16 are missing, 3 is running". */
function restText(rest: readonly FoundShard[]): string {
  const byState = new Map<string, number[]>();
  for (const { index, manifest } of rest) {
    const state = manifest?.status ?? "missing";
    byState.set(state, [...(byState.get(state) ?? []), index]);
  }
  const texts = Array.from(
    byState,
    ([state, indices]) => `${listText(indices)} ${indices.length === 1 ? "is" : "are"} ${state}`,
  );
  return `of ${rest[0].count} shards ${texts.join(", ")}`;
}

/** "3", "3 and 7", "1-4, 7 and 9". */
export function listText(numbers: readonly number[]): string {
  const pieces = ranges(numbers);
  return pieces.length < 2 ? pieces.join("") : `${pieces.slice(0, -1).join(", ")} and ${pieces.at(-1)}`;
}

/** Increasing numbers as ranges, as array jobs take them: 1-4, 7, 9. */
export function ranges(numbers: readonly number[]): string[] {
  const found: [first: number, last: number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
}

function refuseOther(shard: TrainedShard, known: ShardManifest, all: readonly TrainedShard[]): void {
  const { manifest, path } = shard;
  const first = all[0].path;
  const refuse = (what: string): never => {
    throw new DocumentError(path, `${what} ${first}; remove the one that is wrong, and train it again`);
  };
  const difference = firstDifference(manifest.document, known.document);
  if (difference) refuse(`is of another document (${formatPath(difference.path)} differs) than`);
  if (firstDifference(manifest.shard.inputs, known.shard.inputs)) refuse("was trained on other data than");
  if (manifest.versions.alphasweep !== known.versions.alphasweep)
    refuse(
      `was trained by alphasweep ${manifest.versions.alphasweep}, not by ${known.versions.alphasweep} as`,
    );
  const [one, other] = [adapterName(manifest.adapter), adapterName(known.adapter)];
  if (one !== other) refuse(`was trained on the adapter ${one}, not on ${other} as`);
}
