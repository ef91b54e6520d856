/** All results that the page has or can read: what is compared is chosen among them. */

import type { Results } from "../../src/results/types.ts";
import { listedFolder, type ResultsFolder, servedListing } from "./results-folder.ts";

export interface Available {
  label: string;
  read: () => Promise<Results>;
}

/** Decoders are fetched with the first folder. */
const readTables = async (folder: ResultsFolder): Promise<Results> =>
  (await import("./read-folder.ts")).readTables(folder);

const given: Available[] = [];
/** Told when there is more to choose from. */
const listeners = new Set<() => void>();

function offer(label: string, read: () => Promise<Results>): void {
  given.push({ label, read });
  for (const listener of listeners) listener();
}

/** A folder that the user has given the page. */
export const offerFolder = (label: string, folder: ResultsFolder): void =>
  offer(label, () => readTables(folder));

/** A training in the page. */
export const offerRun = (label: string, results: Results): void => offer(label, async () => results);

/** What there is to compare: the server's folders, then what the page was given or has trained. */
export async function availableResults(): Promise<Available[]> {
  const { folders } = await servedListing();
  const listed = folders
    .filter(({ problem }) => problem === undefined)
    .map((folder) => ({
      label: folder.folder.replace(/\/$/, "") || folder.name,
      read: () => readTables(listedFolder(folder)),
    }));
  return [...listed, ...given];
}

export const whenMore = (listener: () => void): void => void listeners.add(listener);
