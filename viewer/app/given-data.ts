/** Data files that the user gives the page, as the part of a document that names them. */

import { readNpy } from "../../src/data/npy.ts";
import type { Json } from "../../src/document/types.ts";
import { addFile } from "./page-files.ts";

const isTest = (name: string): boolean => /test|t10k/i.test(name);

/** The first two labels of MNIST's files. */
const firstClasses = [0, 1];

/**
 * Lets documents name the files, and says how: CSV files, arrays, or images and labels as MNIST's.
 *
 * @throws Error that says what is missing
 */
export async function dataOf(given: ReadonlyMap<string, Blob>): Promise<Json> {
  const data: { [key: string]: Json } = {};
  for (const [path, file] of given) {
    const name = path.split("/").at(-1)!;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const field = await fieldOf(name, bytes);
    if (!field) continue;
    addFile(name, bytes);
    data.kind = ["images", "labels", "testImages", "testLabels"].includes(field) ? "idx" : "file";
    data[field] = name;
  }
  if (data.kind === undefined)
    throw new Error(
      "it holds neither results (manifest.json) nor a document (.json) nor data (.csv, .npy, or IDX files as MNIST’s)",
    );
  const missing = [
    ["inputs", "targets"],
    ["images", "labels"],
  ].find(([first, second]) => (data[first] === undefined) !== (data[second] === undefined));
  if (missing) {
    const [first, second] = missing;
    throw new Error(`give ${first} and ${second} together: there are only ${data[first] ? first : second}`);
  }
  return data.kind === "idx" ? { ...data, classes: firstClasses } : data;
}

/** Which field of the data names such a file; undefined where none does. */
async function fieldOf(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (/\.csv(\.gz)?$/i.test(name)) return isTest(name) ? "test" : "train";
  const content = await inflated(bytes);
  const rank = /\.npy(\.gz)?$/i.test(name)
    ? readNpy(content, name).shape.filter((length, axis) => axis === 0 || length > 1).length
    : content[0] === 0 && content[1] === 0 && content[2] === 8
      ? content[3]
      : 0;
  const fields = /\.npy/i.test(name)
    ? { 1: ["targets", "testTargets"], 2: ["inputs", "testInputs"] }
    : { 1: ["labels", "testLabels"], 3: ["images", "testImages"] };
  return (fields as Record<number, string[]>)[rank]?.[Number(isTest(name))];
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
