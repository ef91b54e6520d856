/** The tables and arrays of a results folder, decoded; it may come from anyone. */

import { readNpy } from "../../src/data/npy.ts";
import { utf8Text } from "../../src/document/utf8-text.ts";
import type { ArrayName } from "../../src/document/types.ts";
import { parseClaims } from "../../src/results/claims.ts";
import { decodeHistory, decodeTable } from "../../src/results/decode.ts";
import type { DenseArray, Manifest, Results } from "../../src/results/types.ts";
import { manifestFile, type ResultsFolder } from "./results-folder.ts";

const runsFile = "runs.parquet";
const historyFile = "history.parquet";
const claimsFile = "claims.json";
/** Most bytes of a file that a page loads. */
const mostBytes = 512 * 2 ** 20;
/** Of a longer history a page holds fewer records. */
const historyBytes = 256 * 2 ** 20;

/**
 * Reads a folder's manifest and tables.
 *
 * @throws Error that says which file is missing or wrong
 */
export async function readTables(folder: ResultsFolder): Promise<Results> {
  const manifest = checkManifest(new Uint8Array(await readFile(folder, manifestFile)));
  const runs = await decodeTable(await readFile(folder, runsFile), runsFile, ["run", "epochs", "time"]);
  if (!runs.columns.status) throw new Error(`${runsFile} has no column "status"`);
  const history = await decodeHistory(await readFile(folder, historyFile), historyFile, historyBytes);
  const claims = await folder.read(claimsFile);
  return {
    manifest,
    runs,
    ...history,
    arrays: {},
    ...(claims && { claims: parseClaims(new Uint8Array(claims)) }),
  };
}

const ofRank = (rank: number, shape: string) => ({
  shape,
  fits: ({ length }: number[]) => length === rank,
});

const ofSamples = (samples: string) => ({
  shape: `records, ${samples}, or records, ${samples}, outputs`,
  fits: ({ length }: number[]) => length === 3 || length === 4,
});

/** Arrays that figures draw: the shape that each must have. */
const shapes = {
  predictor: ofRank(2, "inputs"),
  neurons: ofRank(4, "records, units, inputs + 1"),
  first_layer: ofRank(4, "records, units, incoming weights"),
  outputs: ofSamples("N"),
  function: ofSamples("test samples"),
  ntk: {
    shape: "records, N, N",
    fits: (shape: number[]) => shape.length === 4 && shape[2] === shape[3],
  },
} satisfies Partial<Record<ArrayName, unknown>>;

type ReadArray = keyof typeof shapes;

export const readArrays = Object.keys(shapes) as ReadArray[];

/**
 * Reads one of a folder's arrays, which can be larger than everything else.
 *
 * @returns undefined where there is none
 * @throws Error that says what is wrong with it
 */
export async function readArray(
  folder: ResultsFolder,
  name: ReadArray,
  runs: number,
): Promise<DenseArray | undefined> {
  const file = `arrays/${name}.npy`;
  if ((await folder.size(file)) === undefined) return undefined;
  const { shape, values } = readNpy(new Uint8Array(await readFile(folder, file)), file);
  const needed = shapes[name];
  if (!(values instanceof Float32Array) || shape[0] !== runs || !needed.fits(shape))
    throw new Error(
      `${file} has shape [${shape.join(", ")}]; it needs [${runs} runs, ${needed.shape}] in float32`,
    );
  return { shape, data: values };
}

async function readFile(folder: ResultsFolder, path: string): Promise<ArrayBuffer> {
  const size = (await folder.size(path)) ?? 0;
  if (size > mostBytes)
    throw new Error(
      `${path} has ${Math.round(size / 2 ** 20)} MiB; a page loads at most ${mostBytes / 2 ** 20}`,
    );
  const bytes = await folder.read(path);
  if (!bytes) throw new Error(`there is no ${path}; has the experiment finished?`);
  return bytes;
}

/** A manifest may come from anyone: what the page shows of it must be there. */
function checkManifest(bytes: Uint8Array): Manifest {
  const text = utf8Text(bytes);
  if (text === undefined) throw new Error(`${manifestFile} is not UTF-8 text`);
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<Manifest> | null;
  } catch {
    throw new Error(`${manifestFile} is not JSON`);
  }
  if (manifest?.format !== 1)
    throw new Error(`${manifestFile} has format ${JSON.stringify(manifest?.format)}; this page reads 1`);
  const isComplete =
    typeof manifest.name === "string" &&
    typeof manifest.status === "string" &&
    typeof manifest.browser === "string" &&
    typeof manifest.seconds === "number" &&
    typeof manifest.adapter === "object" &&
    manifest.adapter !== null &&
    Array.isArray(manifest.warnings) &&
    manifest.warnings.every((warning) => typeof warning === "string");
  if (!isComplete) throw new Error(`${manifestFile} is no manifest of results`);
  return manifest as Manifest;
}
