/** The runs as a table that sorts by any column. */

import { ascending, descending } from "d3";
import type { Column } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { formatCount, formatNumber } from "../figures/format.ts";
import { quantitySymbol, quantityTitle } from "../figures/over-training.ts";
import { numberAt, pathSymbol, sweptPaths } from "../figures/runs.ts";
import { shorten } from "../figures/text.ts";
import type { Selection } from "../linked/selection.ts";
import { saveCsv } from "./download.ts";
import { button, element } from "./element.ts";

/** Rows that are shown before the user asks for all. */
const firstRows = 100;
const longestCell = 40;

const statusMarks: Record<string, string> = { converged: "●", finished: "○", diverged: "×", running: "…" };

interface Heading {
  name: string;
  label: string;
  title: string;
}

export class RunsTable {
  readonly node: HTMLElement;
  readonly #head = element("tr");
  readonly #body = element("tbody");
  readonly #more = element("div", { class: "more" });
  #results: Results;
  #sorted: { name: string; up: boolean } = { name: "run", up: true };
  #all = false;
  readonly #selection: Selection;

  constructor(results: Results, selection: Selection) {
    this.#results = results;
    this.#selection = selection;
    this.node = element(
      "section",
      { class: "figure wide", id: "runs", "aria-labelledby": "runs-heading" },
      element("h2", { id: "runs-heading" }, "Runs"),
      element(
        "p",
        { class: "caption" },
        "Every run with its last record. Choose a heading to sort by it, a run to see it in all figures.",
      ),
      element(
        "div",
        { class: "table", tabindex: 0, role: "region", "aria-label": "Table of runs" },
        element("table", {}, element("thead", {}, this.#head), this.#body),
      ),
      this.#more,
      element(
        "div",
        { class: "downloads" },
        button("CSV", { "aria-label": "Download the runs as CSV" }, () =>
          saveCsv(`${this.#results.manifest.name} runs`, this.#results.runs),
        ),
      ),
    );
    this.update(results);
  }

  update(results: Results): void {
    this.#results = results;
    this.#showHead();
    this.#showBody();
  }

  #headings(): Heading[] {
    const paths = new Set(sweptPaths(this.#results));
    const plain: Record<string, string> = { run: "run", status: "status", epochs: "epochs", time: "time" };
    return Object.keys(this.#results.runs.columns).map((name) =>
      paths.has(name)
        ? { name, label: pathSymbol(name), title: name }
        : { name, label: plain[name] ?? quantitySymbol(name), title: plain[name] ?? quantityTitle(name) },
    );
  }

  #showHead(): void {
    const focused = this.#head.contains(document.activeElement)
      ? [...this.#head.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement)
      : -1;
    this.#head.replaceChildren(
      ...this.#headings().map(({ name, label, title }) => {
        const { name: by, up } = this.#sorted;
        const arrow = name === by ? (up ? " ↑" : " ↓") : "";
        const sort = button(label + arrow, { title }, () => {
          this.#sorted = { name, up: name === by ? !up : true };
          this.#showHead();
          this.#showBody();
        });
        return element(
          "th",
          {
            scope: "col",
            "data-text": name === "status",
            "aria-sort": name === by ? (up ? "ascending" : "descending") : null,
          },
          sort,
        );
      }),
    );
    if (focused >= 0) this.#head.querySelectorAll("button")[focused]?.focus();
  }

  #showBody(): void {
    const { runs } = this.#results;
    const column = runs.columns[this.#sorted.name] ?? runs.columns.run;
    const order = this.#sorted.up ? ascending : descending;
    const rows = [...Array(runs.rows).keys()].sort(
      (a, b) => order(sortKey(column[a]), sortKey(column[b])) || a - b,
    );
    const shown = this.#all ? rows : rows.slice(0, firstRows);
    const headings = this.#headings();
    this.#body.replaceChildren(
      ...shown.map((row) => {
        const cell = (name: string) => runs.columns[name][row];
        // Before its first record a run has no values yet, which are not NaN.
        const isBegun = !Number.isNaN(cell("epochs"));
        const run = numberAt(runs.columns.run, row);
        const line = element(
          "tr",
          { "data-run": run },
          ...headings.map(({ name }) =>
            name === "run"
              ? element(
                  "td",
                  { class: "number" },
                  button(String(run), { class: "run" }, () => {}),
                )
              : cellOf(name, isBegun || !Number.isNaN(cell(name)) ? cell(name) : null),
          ),
        );
        line.addEventListener("click", () => this.#selection.pick([run]));
        return line;
      }),
    );
    this.mark();
    this.#more.replaceChildren(
      ...(shown.length < rows.length
        ? [
            `The first ${formatCount(shown.length)} of ${formatCount(rows.length)} runs. `,
            button("Show all", {}, () => {
              this.#all = true;
              this.#showBody();
            }),
          ]
        : []),
    );
  }

  /** Marks picked runs. */
  mark(): void {
    for (const line of this.#body.rows) {
      const isPicked = this.#selection.picked.has(Number(line.dataset.run));
      line.classList.toggle("picked", isPicked);
      line.querySelector("button")!.setAttribute("aria-pressed", String(isPicked));
    }
  }
}

/** Missing values and NaN sort after everything else. */
const sortKey = (cell: Column[number]): string | number | boolean | undefined =>
  cell === null || (typeof cell === "number" && Number.isNaN(cell)) ? undefined : cell;

function cellOf(name: string, cell: Column[number]): HTMLTableCellElement {
  if (name === "status") {
    const status = cell === null ? "not ended" : String(cell);
    return element("td", { class: `status ${status}` }, `${statusMarks[status] ?? "–"} ${status}`);
  }
  if (cell === null) return element("td", {}, "");
  if (typeof cell === "number")
    return element("td", { class: "number", title: String(cell) }, formatNumber(cell));
  const text = String(cell);
  return element("td", { class: "text", title: text }, shorten(text, longestCell));
}
