/**
 * What a folder is resumed from, on disk: the checkpoint, and what else of the folder was written before it.
 *
 *   "ALPHACHK" | u32 version | u32 checksum of the frame | frame (frame.ts)
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import * as v from "valibot";
import { arrayNames } from "../quantities/arrays.ts";
import type { ArrayName } from "../document/types.ts";
import type { Checkpoint } from "../scheduler/checkpoint.ts";
import type { ArrayState } from "./array-file.ts";
import { checkpointFrame, readCheckpoint } from "./checkpoint-frame.ts";
import { folderFiles } from "./folder.ts";
import { encodeFrame, FrameReader } from "./frame.ts";
import { Replacement } from "./replacement.ts";

/** What of the folder belongs to a checkpoint. */
export interface FolderState {
  /** Bytes of the spool. */
  spool: number;
  /** Of each array that has any item. */
  arrays: Partial<Record<ArrayName, ArrayState>>;
  /** Checksums of the document's files, by path. */
  inputs: Record<string, string>;
}

/** A checkpoint that can be gone on with. */
export interface SavedCheckpoint {
  checkpoint: Checkpoint;
  folder: FolderState;
}

const magic = "ALPHACHK";
const version = 4;
const headBytes = 16;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const array = v.object({ shape: v.pipe(v.array(count), v.maxLength(2)), checksum: count });
const folderSchema = v.object({
  spool: count,
  arrays: v.partial(
    v.object(Object.fromEntries(arrayNames.map((name) => [name, array])) as Record<ArrayName, typeof array>),
  ),
  inputs: v.record(v.string(), v.string()),
});

/** Writes the checkpoint: whole and on the disk, or not at all. */
export function writeCheckpoint(directory: string, { checkpoint, folder }: SavedCheckpoint): void {
  const frame = checkpointFrame(checkpoint);
  // zlib's checksum of no bytes begins again at 0.
  const pieces = encodeFrame({ ...frame, fields: { ...frame.fields, folder: { ...folder } } }).filter(
    ({ length }) => length > 0,
  );
  const head = Buffer.alloc(headBytes);
  head.write(magic, 0, "latin1");
  head.writeUInt32LE(version, 8);
  head.writeUInt32LE(
    pieces.reduce((sum, piece) => crc32(piece, sum), 0),
    12,
  );
  const file = new Replacement(join(directory, folderFiles.checkpoint));
  try {
    for (const piece of [head, ...pieces]) file.append(piece);
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/**
 * Reads a folder's checkpoint, undefined where there is none.
 *
 * @throws Error that says what is wrong with it, in one line
 */
export function readSavedCheckpoint(directory: string): SavedCheckpoint | undefined {
  const path = join(directory, folderFiles.checkpoint);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return decodeCheckpoint(bytes, path);
}

/**
 * Reads a checkpoint's bytes, which may come from anyone.
 *
 * @throws Error that names the path and says what is wrong, in one line
 */
export function decodeCheckpoint(bytes: Buffer, path: string): SavedCheckpoint {
  const frameBytes = bytes.subarray(headBytes);
  if (bytes.length < headBytes || bytes.toString("latin1", 0, 8) !== magic)
    throw new Error(`${path} is no checkpoint`);
  if (bytes.readUInt32LE(8) !== version)
    throw new Error(
      `${path} is a checkpoint of version ${bytes.readUInt32LE(8)}; this program reads ${version}`,
    );
  if (bytes.readUInt32LE(12) !== crc32(frameBytes)) throw new Error(`${path} is damaged`);
  const [frame] = new FrameReader(frameBytes.length).push(frameBytes);
  const folder = v.safeParse(folderSchema, frame?.fields.folder);
  if (!frame || !folder.success) throw new Error(`${path} is damaged`);
  return { checkpoint: readCheckpoint(frame), folder: folder.output as FolderState };
}
