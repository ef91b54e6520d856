/** What was measured, a row each. */

import type { Compared, Row } from "../../bench/row.ts";
import { formatCount, formatNumber } from "../figures/format.ts";
import { element } from "./element.ts";

const columns: { title: string; of: (row: Row) => string; isText?: true }[] = [
  { title: "workload", of: ({ workload }) => workload, isText: true },
  { title: "engine", of: ({ engine }) => engine, isText: true },
  { title: "runs", of: ({ runs }) => formatCount(runs) },
  { title: "µs per step", of: ({ us_per_step: time }) => number(time?.median) },
  {
    title: "p10 … p90",
    of: ({ us_per_step: time }) => (time ? `${number(time.p10)} … ${number(time.p90)}` : ""),
  },
  { title: "run-steps/s", of: ({ run_steps_per_s }) => number(run_steps_per_s) },
  { title: "GFLOP/s", of: ({ gflops }) => number(gflops) },
  { title: "of peak", of: ({ peak_fraction: share }) => (share === null ? "" : `${number(100 * share)}%`) },
  { title: "times js", of: ({ times_js }) => number(times_js) },
  { title: "error", of: ({ max_relative_error, error }) => error ?? number(max_relative_error) },
];

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? "" : formatNumber(value, 3);

export function benchmarkTable(report: Compared, adapter: string): HTMLElement {
  const all = [{ name: adapter, report }, ...(report.beside ?? [])];
  return element(
    "div",
    { class: "table", tabindex: 0, role: "region", "aria-label": "Table of what was measured" },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...["adapter", ...columns.map(({ title }) => title)].map((title) =>
            element("th", { scope: "col" }, title),
          ),
        ),
      ),
      element(
        "tbody",
        {},
        ...all.flatMap(({ name, report: { rows } }) =>
          rows.map((row) =>
            element(
              "tr",
              {},
              element("td", { class: "text" }, name),
              ...columns.map(({ of, isText }) => element("td", { class: isText ? "text" : null }, of(row))),
            ),
          ),
        ),
      ),
    ),
  );
}
