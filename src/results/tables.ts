/** The tables of a results folder, from records as they are kept on disk. */

import { join } from "node:path";
import type { Table } from "../document/table.ts";
import type { Experiment } from "../document/types.ts";
import type { AddedRun } from "../scheduler/sink.ts";
import { outcomesOf, probesTable, searchesTable } from "../search/outcomes.ts";
import { CsvFile } from "./csv-file.ts";
import { folderFiles } from "./folder.ts";
import { historyColumns, historyRows } from "./history-rows.ts";
import { ParquetFile } from "./parquet-file.ts";
import { type LastRecord, runsTable } from "./runs-table.ts";
import { RecordSchedule } from "./record-schedule.ts";
import type { Spool } from "./spool.ts";
import { describedColumns } from "./swept-column.ts";
import { type SweptValues, sweptValues } from "./swept-rows.ts";
import type { ColumnDescription, TableFile } from "./table-file.ts";
import { tableMetadata } from "./table-metadata.ts";

/** Records of every run, and how it ended: of one spool, or of the spools of shards. */
export interface Records extends Pick<Spool, "rows" | "ends"> {
  /** In order of run and record, `rowsAtOnce` at a time: the history's row groups are these. */
  inOrder(): ReturnType<Spool["inOrder"]>;
}

export interface TablesOptions {
  experiment: Experiment;
  /** The rows of the runs table. */
  runs: readonly AddedRun[];
  /** Write each table as CSV too. */
  csv: boolean;
  /** Is told how much of the history has been written, which may take a while. */
  writing?: ((share: number) => void) | undefined;
}

/** What a run records, in the order of the tables' columns. */
export const quantitiesOf = ({ runs }: Experiment): string[] => [
  ...new Set(runs.flatMap(({ record }) => record.quantities)),
];

/**
 * Writes every table into a folder. Memory grows with the number of runs alone.
 *
 * @returns the runs table, and at which epochs its runs recorded
 */
export function writeTables(
  directory: string,
  records: Records,
  options: TablesOptions,
): { table: Table; schedule: RecordSchedule } {
  const { experiment, runs, csv } = options;
  const quantities = quantitiesOf(experiment);
  const write = (parquet: string, text: string, columns: ColumnDescription[], batches: Iterable<Table>) =>
    writeTable(
      [
        new ParquetFile(
          join(directory, parquet),
          columns,
          tableMetadata(
            experiment,
            columns.map(({ name }) => name),
          ),
        ),
        ...(csv ? [new CsvFile(join(directory, text), columns)] : []),
      ],
      batches,
    );

  const last = new Map<number, LastRecord>();
  const swept = sweptValues(runs);
  const schedule = new RecordSchedule();
  const history = historyOf(records, quantities, swept, { last, schedule }, options.writing);
  write(folderFiles.history, folderFiles.historyText, historyColumns(quantities, swept.columns), history);
  const { table, columns } = runsTable(runs, quantities, records.ends, last);
  write(folderFiles.runs, folderFiles.runsText, columns, [table]);

  // What the search has found, which is all in the runs table, for whoever reads no code.
  if (!experiment.search || table.rows === 0) return { table, schedule };
  const { specification } = experiment.search;
  const outcomes = outcomesOf(specification, table);
  const searches = searchesTable(specification, outcomes);
  const probes = probesTable(specification, outcomes);
  write(folderFiles.searches, folderFiles.searchesText, describedColumns(searches), [searches]);
  write(folderFiles.probes, folderFiles.probesText, describedColumns(probes), [probes]);
  return { table, schedule };
}

/** The rows of the history; of every run the last one is remembered, and when it recorded. */
function* historyOf(
  records: Records,
  quantities: readonly string[],
  swept: SweptValues,
  { last, schedule }: { last: Map<number, LastRecord>; schedule: RecordSchedule },
  writing?: (share: number) => void,
): Generator<Table> {
  const all = records.rows;
  let written = 0;
  for (const batch of records.inOrder()) {
    writing?.(written / all);
    const rows = historyRows(batch, quantities, swept);
    rememberLast(last, rows, quantities);
    const { values, width } = batch;
    for (let row = 0; row < batch.rows; row += 1)
      schedule.add(values[row * width], values[row * width + 1], values[row * width + 2]);
    yield rows;
    written += rows.rows;
  }
}

function rememberLast(
  last: Map<number, LastRecord>,
  { rows, columns }: Table,
  quantities: readonly string[],
): void {
  const runs = columns.run as Int32Array;
  for (let row = 0; row < rows; row += 1) {
    if (row + 1 < rows && runs[row + 1] === runs[row]) continue;
    last.set(runs[row], {
      epoch: columns.epoch[row] as number,
      time: columns.time[row] as number,
      values: quantities.map((name) => columns[name][row] as number | null),
    });
  }
}

function writeTable(files: readonly TableFile[], batches: Iterable<Table>): void {
  try {
    for (const batch of batches) for (const file of files) file.write(batch);
    for (const file of files) file.finish();
  } catch (error) {
    for (const file of files) file.abandon();
    throw error;
  }
}
