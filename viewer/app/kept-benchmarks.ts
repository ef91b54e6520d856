/** Benchmarks to look at beside another: kept in the page's own storage, or files of other adapters. */

import type { Report } from "../../bench/row.ts";

export interface NamedReport {
  name: string;
  report: Report;
}

const key = "alphasweep benchmarks";
const most = 8;

/** Those that were kept here, the latest last; none where the storage is closed, or holds something else. */
export function keptBenchmarks(): NamedReport[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]") as NamedReport[];
    return kept.filter(({ name, report }) => typeof name === "string" && isReport(report));
  } catch {
    return [];
  }
}

/** @returns whether there is room for it */
export function keepBenchmark(kept: NamedReport): boolean {
  try {
    localStorage.setItem(key, JSON.stringify([...keptBenchmarks(), kept].slice(-most)));
    return true;
  } catch {
    return false;
  }
}

export const adapterOf = ({ adapter }: Report): string =>
  String(
    adapter.description || [adapter.vendor, adapter.architecture].filter(Boolean).join(" ") || "an adapter",
  );

/**
 * A file that `bench --json` or this page has written.
 *
 * @throws Error, one line
 */
export function readBenchmark(text: string, file: string): NamedReport {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON`);
  }
  if (!isReport(report))
    throw new Error(`${file} is no benchmark: it needs an adapter and rows, as Download JSON writes them`);
  return { name: `${adapterOf(report)} (${file})`, report };
}

function isReport(value: unknown): value is Report {
  const { adapter, rows } = (value ?? {}) as Partial<Report>;
  return (
    typeof adapter === "object" &&
    adapter !== null &&
    Array.isArray(rows) &&
    rows.every((row) => {
      if (typeof row?.workload !== "string" || typeof row.engine !== "string" || !(row.runs > 0))
        return false;
      const time = row.us_per_step;
      return time === null || (time?.p10 > 0 && time.median > 0 && time.p90 > 0);
    })
  );
}
