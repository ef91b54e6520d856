import { readNpy } from "../data/npy.ts";
import type { ArrayName } from "../document/types.ts";
import { folderFiles } from "./folder-files.ts";
import { parseManifest } from "./manifest.ts";
import type { DenseArray, Results } from "./types.ts";

/**
 * Loads a results folder from a server, for pages and notebooks; in Node, `readResults` of "alphasweep/node" reads one from a disk.
 *
 * @param address of the folder, or of its manifest.json: absolute, or relative to the page
 * @param options `arrays`: which of arrays/*.npy are wanted, all of their runs and records; none where left out
 * @throws Error that says which file is missing or wrong
 */
export async function fetchResults(
  address: string | URL,
  { arrays: names = [] }: { arrays?: readonly ArrayName[] } = {},
): Promise<Results> {
  const folder = String(address).replace(/(manifest\.json|\/?)$/, (end) =>
    end === "" || end === "/" ? "/" : "",
  );
  const load = async (path: string): Promise<ArrayBuffer> => {
    const response = await fetch(folder + path);
    if (!response.ok)
      throw new Error(`${folder}${path} cannot be loaded: ${response.status} ${response.statusText}`);
    return response.arrayBuffer();
  };
  const manifest = parseManifest(new Uint8Array(await load(folderFiles.manifest)));
  const { runs, history } = folderFiles;
  const arrays: Partial<Record<ArrayName, DenseArray>> = {};
  for (const name of names) {
    const path = `${folderFiles.arrays}/${name}.npy`;
    const { shape, values } = readNpy(new Uint8Array(await load(path)), path);
    if (!(values instanceof Float32Array)) throw new Error(`${folder}${path} is not float32`);
    arrays[name] = { shape, data: values };
  }
  // Whoever trains and draws alone reads no Parquet.
  const { decodeHistory, decodeTable } = await import("./decode.ts");
  return {
    manifest,
    runs: await decodeTable(await load(runs), runs, ["run", "epochs", "time"]),
    ...(await decodeHistory(await load(history), history)),
    arrays,
  };
}
