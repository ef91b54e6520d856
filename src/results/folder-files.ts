/** Where the pieces of a results folder lie. */
export const folderFiles = {
  manifest: "manifest.json",
  runs: "runs.parquet",
  history: "history.parquet",
  runsText: "runs.csv",
  historyText: "history.csv",
  /** Of a search: what was found, and every probe. */
  searches: "searches.parquet",
  probes: "probes.parquet",
  searchesText: "searches.csv",
  probesText: "probes.csv",
  arrays: "arrays",
  figures: "figures",
  report: "index.html",
  /** What `reproduce` has measured of published claims. */
  claims: "claims.json",
  /** Records while training goes on; kept when it did not finish. */
  spool: "records.spool",
  /** What --resume goes on from; kept with the spool. */
  checkpoint: "checkpoint",
  /** Pieces of a sweep, each in a folder like this one: shards/3-of-16. */
  shards: "shards",
  /** Held by the command that writes here. */
  lock: "running.lock",
} as const;
