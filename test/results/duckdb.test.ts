/** The queries of docs/results.md, in DuckDB: another reader of Parquet, which knows nothing of this program. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { temporaryFolder } from "./experiment.ts";
import { writeThreeRuns } from "./written.ts";

const documentation = readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8");
const queries = Array.from(
  documentation.matchAll(/^```sql\n-- (.*)\n([\s\S]*?)^```/gm),
  ([, title, query]) => ({
    title,
    query,
  }),
);

/** What each query gives of three runs. */
const expected: Record<string, unknown> = {
  "The kernel's drift at the end of training, against alpha.": [
    [0.5, 2, 1],
    [1, 0, 0],
    [2, 2, 1],
  ],
  "How the loss falls, run by run: the history needs no join.": [
    [0, 0.5, 0, 1],
    [1, 1, 0, 2],
    [2, 2, 0, 3],
  ],
  "The first epoch at which the loss is below a hundredth of its start.": [
    [0, 0.5, 2],
    [2, 2, 2],
  ],
  "What the columns mean.": [
    [
      "alphasweep.columns",
      expect.stringContaining('"loss":{"title":"Training loss","symbol":"L(w)","unit":"1"}'),
    ],
  ],
  "Many sweeps at once.": [[expect.stringContaining("alpha-sweep"), "3"]],
};

test("every query of the documentation gives what it says", async () => {
  const results = temporaryFolder();
  writeThreeRuns(join(results, "alpha-sweep"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const found = Object.fromEntries(
    await Promise.all(
      queries.map(async ({ title, query }) => {
        const reader = await connection.runAndReadAll(query.replaceAll("'results/", `'${results}/`));
        return [title, reader.getRowsJson()] as const;
      }),
    ),
  );
  expect(found).toEqual(expected);
  connection.closeSync();
});
