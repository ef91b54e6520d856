/** Results for the figures' tests: committed ones that were trained, and made-up ones of awkward shapes. */

import { readFileSync } from "node:fs";
import type { Results } from "../../../src/results/types.ts";
import { type Payload, unpackResults } from "../../../viewer/report/payload.ts";

export const trained = (name: "alpha-sweep" | "kernel-regime" | "one-diverges"): Results =>
  unpackResults(JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8")) as Payload);

export interface MadeRun {
  swept: Record<string, string | number | boolean | null>;
  status?: string;
  /** Values of `weight_distance`, a record each; epochs are 0, 10, 20, ... */
  values: number[];
}

/** Results with one quantity. */
export function made(runs: MadeRun[], name = "made"): Results {
  const paths = Object.keys(runs[0]?.swept ?? {});
  const rows = runs.flatMap(({ values }, run) => values.map((value, k) => ({ run, epoch: 10 * k, value })));
  return {
    manifest: {
      ...trained("one-diverges").manifest,
      name,
      document: { name, model: { kind: "diagonal", depth: 3 } },
    },
    runs: {
      rows: runs.length,
      columns: {
        run: Int32Array.from(runs.keys()),
        ...Object.fromEntries(paths.map((path) => [path, runs.map(({ swept }) => swept[path])])),
        status: runs.map(({ status }) => status ?? "finished"),
        epochs: Float64Array.from(runs, ({ values }) => 10 * (values.length - 1)),
        time: Float64Array.from(runs, ({ values }) => values.length - 1),
        weight_distance: Float64Array.from(runs, ({ values }) => values.at(-1) ?? NaN),
      },
    },
    history: {
      rows: rows.length,
      columns: {
        run: Int32Array.from(rows, ({ run }) => run),
        epoch: Float64Array.from(rows, ({ epoch }) => epoch),
        time: Float64Array.from(rows, ({ epoch }) => epoch / 10),
        weight_distance: Float64Array.from(rows, ({ value }) => value),
      },
    },
    arrays: {},
  };
}

/** A saturating curve, so that lines are told apart. */
export const curve = (records: number, height: number): number[] =>
  Array.from({ length: records }, (_, k) => height * (1 - Math.exp(-k / 8)));
