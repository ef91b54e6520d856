/** `alphasweep bench`. */

import type { BenchOptions } from "../src/cli/commands/bench.ts";
import { wantedAdapter } from "../src/cli/options/adapter-option.ts";
import { listenForInterrupt } from "../src/cli/runtimes/interrupt.ts";
import { adapterLine } from "../src/cli/training/training.ts";
import type { AdapterReport } from "../src/gpu/adapter.ts";
import { OutputFile } from "./output-file.ts";
import { alphasweep } from "./engines/alphasweep.ts";
import { pointsOf } from "./points.ts";
import type { Report, Row } from "./row.ts";
import { type BenchRequest, runBench } from "./run-bench.ts";
import { StatusLine } from "./status-line.ts";
import { profileText } from "./profile-text.ts";
import { peaksText, rowText, tableHeader } from "./table.ts";

/** Seconds for the repeats of one number of runs; with what they need besides, every workload once takes a few minutes. */
const SECONDS = 2.5;

/**
 * Measures, prints a row as soon as it is there, and writes the file: also with the rows of a benchmark that is cut off.
 *
 * @throws UsageError for a workload or a file that cannot be; whatever runBench throws; Error where a row of this engine's
 *   failed
 */
export async function bench(options: BenchOptions, request: Partial<BenchRequest> = {}): Promise<void> {
  const points = pointsOf(options);
  const file = options.json === undefined ? undefined : OutputFile.open(options.json, "--json");
  const say = (text: string): void => console.error(text);
  const interrupt = listenForInterrupt(say);
  const progress = new StatusLine(process.stderr);
  const report: Partial<Report> & { rows: Row[] } = { rows: [] };
  try {
    await runBench({
      points,
      seconds: SECONDS,
      peers: options.peers,
      ...wantedAdapter(options.adapter ?? "auto", options.runtime),
      tuning: options.tuning === "on",
      profile: options.profile === true,
      runtime: options.runtime,
      signal: interrupt.signal,
      say,
      opened: (adapter) => {
        report.adapter = adapter;
        say(adapterLine(adapter as unknown as AdapterReport, String(adapter.browser)));
        progress.show("measuring the adapter's own limits");
      },
      peaks: (peaks) => {
        report.peaks = peaks;
        progress.clear();
        console.log(`${peaksText(peaks)}\n\n${tableHeader()}`);
      },
      next: ({ workload, runs, place, count }) =>
        progress.show(`${place + 1} of ${count}: ${workload}, ${runs} run${runs === 1 ? "" : "s"}`),
      measured: (rows) => {
        progress.clear();
        report.rows.push(...rows);
        for (const row of rows) console.log(rowText(row));
      },
      profiled: (rows) => console.log(`\n${profileText(rows)}\n`),
      ...request,
    });
    const failed = report.rows.filter(({ engine, error }) => engine === alphasweep.id && error !== undefined);
    if (failed.length > 0) throw new Error(`rows of ${alphasweep.id} that failed: ${failed.length}`);
  } finally {
    progress.clear();
    interrupt.release();
    if (report.rows.length > 0) file?.write(`${JSON.stringify(report, null, 2)}\n`);
    else file?.abandon();
  }
}
