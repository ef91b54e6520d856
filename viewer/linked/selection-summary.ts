/** What is picked and which filters are set, in words, each with a way to take it back. */

import type { Results } from "../../src/results/types.ts";
import { formatNumber, plural } from "../figures/format.ts";
import { formatCell, numberAt, pathSymbol, runLabel } from "../figures/runs.ts";
import { button, element } from "../page/element.ts";
import { admits, epochFilter, type Filter, type Selection } from "./selection.ts";

export class SelectionSummary {
  readonly #selection: Selection;
  readonly #said = element("p", { class: "said" });
  readonly #chips = element("div", { class: "row" });
  /** The words, and the buttons. */
  readonly nodes: readonly HTMLElement[] = [this.#said, this.#chips];

  /** @param isSpoken whether changes are read out: by one of several that say the same */
  constructor(selection: Selection, isSpoken: boolean) {
    this.#selection = selection;
    if (isSpoken) this.#said.setAttribute("aria-live", "polite");
  }

  /**
   * @param results as they are without filters
   * @returns whether there is anything to say
   */
  show(results: Results): boolean {
    const { picked, filters } = this.#selection;
    const { runs } = results;
    const hiding = [...filters].filter(([path]) => path in runs.columns);
    const shown = [...Array(runs.rows).keys()].filter((row) =>
      hiding.every(([path, filter]) => admits(filter, runs.columns[path][row])),
    ).length;
    const said = [
      picked.size > 0 ? `${pickedText(results, picked)} picked` : "",
      shown === 0
        ? "no run passes the filters, so all are shown"
        : shown < runs.rows
          ? `${plural(shown, "run")} of ${runs.rows}`
          : "",
      ...[...filters].map(([path, filter]) => filterText(path, filter)),
    ].filter(Boolean);
    this.#said.textContent = said.length > 0 ? `${said.join(", ")}.` : "";
    this.#chips.replaceChildren(
      ...[...filters.keys()].map((path) =>
        button(`All ${path === epochFilter ? "epochs" : pathSymbol(path)}`, {}, () =>
          this.#selection.filter(path, undefined),
        ),
      ),
      ...(said.length > 0 ? [button("Clear", { title: "Escape" }, () => this.#selection.clear())] : []),
    );
    return said.length > 0;
  }
}

const mostNamed = 2;

function pickedText(results: Results, picked: ReadonlySet<number>): string {
  const rows = [...Array(results.runs.rows).keys()].filter((row) =>
    picked.has(numberAt(results.runs.columns.run, row)),
  );
  return rows.length > 0 && rows.length <= mostNamed
    ? rows.map((row) => runLabel(results, row)).join(" and ")
    : plural(rows.length, "run");
}

function filterText(path: string, filter: Filter): string {
  const name = path === epochFilter ? "epoch" : pathSymbol(path);
  if ("is" in filter) return `${name} = ${formatCell(filter.is)}`;
  const [low, high] = filter;
  const number = (value: number) => formatNumber(value, 3);
  if (low === -Infinity) return `${name} ≤ ${number(high)}`;
  return high === Infinity ? `${name} ≥ ${number(low)}` : `${name} ${number(low)} … ${number(high)}`;
}
