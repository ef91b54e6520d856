/** What is picked and which filters are set, in words; and the filters as a form. */

import { ascending } from "d3";
import type { Column } from "../../src/document/table.ts";
import { settingPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { formatNumber } from "../figures/format.ts";
import { formatCell, pathSymbol } from "../figures/runs.ts";
import { element } from "../page/element.ts";
import { epochFilter, type Filter, type Selection } from "./selection.ts";
import { SelectionSummary } from "./selection-summary.ts";

/** More values than this are no list. */
const mostValues = 200;

export class SelectionBar {
  readonly node: HTMLElement;
  readonly #selection: Selection;
  readonly #summary: SelectionSummary;
  readonly #form = element("div", { class: "filters" });
  #results: Results;
  /** What the form was made for. */
  #offered = "";

  constructor(results: Results, selection: Selection) {
    this.#results = results;
    this.#selection = selection;
    this.#summary = new SelectionSummary(selection, true);
    this.node = element(
      "section",
      { class: "selection", "aria-label": "What is looked at" },
      element("details", { class: "filter" }, element("summary", {}, "Filter"), this.#form),
      ...this.#summary.nodes,
    );
    this.update(results);
  }

  /** @param results as they are without filters */
  update(results: Results): void {
    this.#results = results;
    this.#offer();
    this.show();
  }

  show(): void {
    this.node.classList.toggle("active", this.#summary.show(this.#results));
    const { filters } = this.#selection;
    for (const field of this.#form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-path]"))
      field.value = fieldValue(filters.get(field.dataset.path!), field.dataset.end);
  }

  /** A field for each end of a range, or for a value. */
  #offer(): void {
    const { runs } = this.#results;
    const values = settingPaths(this.#results).map((path) => ({
      path,
      values: [...new Set(Array.from(runs.columns[path] as Iterable<Column[number]>))],
    }));
    const offered = values.filter(({ values: all }) => all.length > 1 && all.length <= mostValues);
    const key = JSON.stringify(offered);
    if (key === this.#offered) return;
    this.#offered = key;
    this.#form.replaceChildren(
      ...offered.map(({ path, values: all }) =>
        all.every((value) => typeof value === "number")
          ? this.#rangeField(path, pathSymbol(path), all.toSorted(ascending))
          : this.#valueField(path, all),
      ),
      this.#epochField(),
    );
  }

  #rangeField(path: string, label: string, values: readonly number[]): HTMLElement {
    const end = (name: "low" | "high", initial: string) =>
      this.#field(
        element(
          "select",
          { "aria-label": `${label} ${name === "low" ? "from" : "to"}`, "data-path": path, "data-end": name },
          element("option", { value: "" }, initial),
          ...values.map((value) => element("option", { value }, formatNumber(value))),
        ),
        path,
      );
    return element("div", { class: "control" }, `${label} `, end("low", "from"), end("high", "to"));
  }

  #epochField(): HTMLElement {
    const end = (name: "low" | "high") =>
      this.#field(
        element("input", {
          type: "number",
          min: 0,
          placeholder: name === "low" ? "from" : "to",
          "aria-label": `Epoch ${name === "low" ? "from" : "to"}`,
          "data-path": epochFilter,
          "data-end": name,
        }),
        epochFilter,
      );
    return element("div", { class: "control" }, "epoch ", end("low"), end("high"));
  }

  #valueField(path: string, values: readonly Column[number][]): HTMLElement {
    const select = element(
      "select",
      { "aria-label": pathSymbol(path), "data-path": path },
      element("option", { value: "" }, "all"),
      ...values.map((value) => element("option", { value: JSON.stringify(value) }, formatCell(value))),
    );
    select.addEventListener("change", () =>
      this.#selection.filter(
        path,
        select.value === "" ? undefined : { is: JSON.parse(select.value) as Column[number] },
      ),
    );
    return element("div", { class: "control" }, `${pathSymbol(path)} `, select);
  }

  /** An end of a range: what is left empty is unbounded. */
  #field<Field extends HTMLInputElement | HTMLSelectElement>(field: Field, path: string): Field {
    field.addEventListener("change", () => {
      const [low, high] = ["low", "high"].map(
        (end) =>
          this.#form.querySelector<HTMLInputElement>(`[data-path="${CSS.escape(path)}"][data-end="${end}"]`)!
            .value,
      );
      this.#selection.filter(
        path,
        low === "" && high === ""
          ? undefined
          : [low === "" ? -Infinity : Number(low), high === "" ? Infinity : Number(high)],
      );
    });
    return field;
  }
}

/** What a field says of a filter; a brushed end lies between values, and a list has none of it. */
function fieldValue(filter: Filter | undefined, end: string | undefined): string {
  if (filter === undefined) return "";
  if ("is" in filter) return JSON.stringify(filter.is);
  const value = filter[end === "low" ? 0 : 1];
  return Number.isFinite(value) ? String(value) : "";
}
