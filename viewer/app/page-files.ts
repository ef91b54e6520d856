/** The files that documents name in this page: those of the built-in experiments, and the user's own. */

import { referencedFiles } from "../../src/data/registry.ts";
import { DocumentError } from "../../src/document/error.ts";
import type { Experiment, Run } from "../../src/document/types.ts";
import type { Files } from "../../src/engine.ts";

const folder = "../../experiments/";
const addresses = import.meta.glob<string>("../../experiments/data/*.{npy,csv}", {
  query: "?url&no-inline",
  import: "default",
  eager: true,
});

/** Bytes by the path that documents name them with; the page's own are fetched when they are first asked for. */
const known = new Map<string, () => Promise<Uint8Array>>(
  Object.entries(addresses).map(([path, address]) => {
    let bytes: Promise<Uint8Array> | undefined;
    return [path.slice(folder.length), () => (bytes ??= fetchBytes(path, address))];
  }),
);

async function fetchBytes(path: string, address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok)
    throw new DocumentError(path, `could not be fetched: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Lets documents name a file that the user has given the page. */
export function addFile(name: string, bytes: Uint8Array): void {
  known.set(name, () => Promise.resolve(bytes));
}

/**
 * The files that an experiment names.
 *
 * @throws DocumentError where one is not among the page's own
 */
export async function fetchFiles(experiment: Experiment): Promise<Files> {
  const paths = [...new Set(experiment.runs.flatMap(namedIn))];
  return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
}

function read(path: string): Promise<Uint8Array> {
  const fetched = known.get(path.replace(/^\.\//, ""));
  if (fetched) return fetched();
  const names = [...known.keys()].join(", ");
  throw new DocumentError(path, `is not one of this page's files (${names}); drop yours on the page`);
}

const namedIn = ({ data, init: { shape } }: Run): string[] => [
  ...referencedFiles(data),
  ...(typeof shape === "object" && "file" in shape ? [shape.file] : []),
];
