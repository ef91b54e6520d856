/** results/index.json of a viewer: which results folders there are, and what is in them. */

export interface Listing {
  /** Where they lie, as a heading. */
  title: string;
  folders: ListedFolder[];
  /** Address of the documentation, where it is beside the page. */
  documentation?: string;
}

export interface ListedFolder {
  /** Its address from the list's, empty or with a slash at its end: "reproduced/figure-6/". */
  folder: string;
  name: string;
  status: string;
  /** What it has changed of the built-in document of its name, where it has changed anything. */
  changed?: string;
  /** null where there is no table of them yet. */
  runs: number | null;
  /** Of training. */
  seconds: number;
  adapter: string;
  /** Of the claims that were measured on it, one each. */
  verdicts: string[];
  /** Bytes of what it holds, by path. */
  files: Record<string, number>;
  /** Why it cannot be read, where that is so. */
  problem?: string;
}
