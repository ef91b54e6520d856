import type { AddedRun } from "../scheduler/sink.ts";
import type { RunEnd } from "./spool.ts";
import { sweptColumn } from "./swept-column.ts";
import type { Column, Table } from "../document/table.ts";
import type { ColumnDescription } from "./table-file.ts";

/** The last record of a run. */
export interface LastRecord {
  epoch: number;
  time: number;
  /** A value a quantity, null where missing. */
  values: (number | null)[];
}

/**
 * runs.parquet: a row a run, with the last value of every quantity. A run that has not ended (the command was
 * interrupted) has no status, and the epoch and time of its last record.
 */
export function runsTable(
  runs: readonly AddedRun[],
  quantities: readonly string[],
  ends: ReadonlyMap<number, RunEnd>,
  last: ReadonlyMap<number, LastRecord>,
): { table: Table; columns: ColumnDescription[] } {
  const described: [ColumnDescription, Column][] = [];
  const add = (name: string, kind: ColumnDescription["kind"], optional: boolean, column: Column): void => {
    described.push([{ name, kind, optional }, column]);
  };
  const numbers = (of: (run: number) => number | null | undefined): Column =>
    runs.map(({ index }) => of(index) ?? null);

  add(
    "run",
    "integer",
    false,
    Int32Array.from(runs, ({ index }) => index),
  );
  for (const path of Object.keys(runs[0]?.swept ?? {})) {
    const { kind, optional, column } = sweptColumn(runs.map(({ swept }) => swept[path]));
    add(path, kind, optional, column);
  }
  add(
    "status",
    "text",
    true,
    runs.map(({ index }) => ends.get(index)?.status ?? null),
  );
  add(
    "epochs",
    "integer",
    true,
    numbers((run) => ends.get(run)?.epochs ?? last.get(run)?.epoch),
  );
  add(
    "time",
    "number",
    true,
    numbers((run) => ends.get(run)?.time ?? last.get(run)?.time),
  );
  quantities.forEach((name, place) =>
    add(
      name,
      "number",
      true,
      numbers((run) => last.get(run)?.values[place]),
    ),
  );
  return {
    table: {
      rows: runs.length,
      columns: Object.fromEntries(described.map(([{ name }, column]) => [name, column])),
    },
    columns: described.map(([description]) => description),
  };
}
