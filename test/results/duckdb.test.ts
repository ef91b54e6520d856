/** The queries of docs/results.md, in DuckDB: another reader of Parquet, which knows nothing of this program. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { ResultsWriter } from "../../src/results/writer.ts";
import { blockOf, experimentOf, origin, temporaryFolder } from "./experiment.ts";
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

test("the tutorial's query gives depths, scales and excesses in their order", async () => {
  const results = temporaryFolder();
  const swept = [3, 2].flatMap((depth) =>
    [1, 0.1].map((alpha) => ({ "model.depth": depth, "init.alpha": alpha })),
  );
  const writer = new ResultsWriter(
    join(results, "depths"),
    experimentOf({ swept, quantities: ["excess_l1"] }),
    origin,
  );
  const runs = [0, 1, 2, 3];
  writer.record(blockOf(runs, 0, { excess_l1: (run) => run }));
  writer.end({
    runs: Uint32Array.from(runs),
    status: runs.map(() => "finished"),
    epochs: new Float64Array(4),
    time: new Float64Array(4),
    arrays: {},
  });
  writer.finish({ status: "finished", seconds: 1, kernels: {} });
  const tutorial = readFileSync(new URL("../../docs/tutorial.md", import.meta.url), "utf8");
  const [, query] = /^```sql\n([\s\S]*?)^```/m.exec(tutorial)!;
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const reader = await connection.runAndReadAll(query.replace("'results/", `'${results}/`));
  expect(reader.columnNames()).toEqual(["depth", "alpha", "excess_l1"]);
  expect(reader.getRowsJson()).toEqual([
    [2, 0.1, 3],
    [2, 1, 2],
    [3, 0.1, 1],
    [3, 1, 0],
  ]);
  connection.closeSync();
});
