/** Results as a page: what ran and where, the figures, the runs, the document. */

import type { ClaimRow } from "../../src/results/claims.ts";
import type { Results } from "../../src/results/types.ts";
import { formatCount, formatDuration, plural } from "../figures/format.ts";
import { figuresOf } from "../figures/registry.ts";
import type { Controls, Figure, Settings } from "../figures/figure.ts";
import { sampleText } from "../figures/runs.ts";
import type { Theme } from "../figures/theme.ts";
import { claimsTable } from "./claims-table.ts";
import { filtered } from "../linked/filtered.ts";
import { clearByEscape, Selection } from "../linked/selection.ts";
import { SelectionBar } from "../linked/selection-bar.ts";
import { element } from "./element.ts";
import { FigureView } from "./figure-view.ts";
import { RunsTable } from "./runs-table.ts";

export type FigureSettings = Record<string, FigureView["settings"]>;

/** Makes a figure ready for a paper; a page that is one file leaves it out. */
export type Prepare = (figure: Figure, results: Results, settings: Settings<Controls>) => void;

export class ResultsView {
  readonly node: HTMLElement;
  /** Told when the user has set something in a figure by hand. */
  touched = (): void => {};
  #restored: FigureSettings = {};
  readonly #theme: () => Theme;
  readonly #prepare: Prepare | undefined;
  readonly #selection: Selection;
  readonly #bar: SelectionBar;
  readonly #header = element("header", { class: "results" });
  readonly #figures = element("div", { class: "figures" });
  readonly #closing = new AbortController();
  readonly #views = new Map<string, FigureView>();
  readonly #runs: RunsTable;
  readonly #claimed = new Set<ClaimRow>();
  readonly #document = element("pre", { tabindex: 0 });
  #results: Results;
  /** As filters leave them. */
  #shown: Results | undefined;

  /**
   * @param leftOut what these results leave out besides the history's records, a sentence each
   * @param selection what is picked and looked at, also beside these results
   */
  constructor(
    results: Results,
    theme: () => Theme,
    {
      leftOut = [],
      prepare,
      selection = new Selection(),
    }: { leftOut?: readonly string[]; prepare?: Prepare; selection?: Selection } = {},
  ) {
    this.#prepare = prepare;
    const sample = sampleText(results);
    const notes = [...(sample ? [`This page holds ${sample}; history.parquet has all.`] : []), ...leftOut];
    this.#theme = theme;
    this.#results = results;
    this.#selection = selection;
    this.#bar = new SelectionBar(results, selection);
    this.#runs = new RunsTable(results, selection);
    this.node = element(
      "article",
      {},
      this.#header,
      ...(notes.length > 0 ? [list("notes", notes)] : []),
      this.#bar.node,
      this.#figures,
      this.#runs.node,
      element(
        "details",
        { class: "document" },
        element("summary", {}, "The experiment document, with every default"),
        this.#document,
      ),
    );
    const { signal } = this.#closing;
    selection.addEventListener("change", () => this.#reselect(), { signal });
    addEventListener("keydown", (event) => clearByEscape(event, selection, this.node), { signal });
    this.update(results);
    const left = element("div");
    this.#showClaims(results, (claim) => !this.#claimed.has(claim), left, "no figure here");
    this.#figures.after(left);
  }

  update(all: Results): void {
    this.#results = all;
    this.#showHeader(all);
    this.#bar.update(all);
    this.#showFigures(filtered(all, this.#selection.filters));
    this.#document.textContent = JSON.stringify(all.manifest.document, null, 2);
  }

  /** Another view takes its place. */
  close(): void {
    this.#closing.abort();
  }

  #reselect(): void {
    this.#bar.show();
    const results = filtered(this.#results, this.#selection.filters);
    // Picks alone change no results.
    if (results !== this.#shown) this.#showFigures(results);
    this.#runs.mark();
    for (const view of this.#views.values()) view.reselect();
  }

  #showFigures(results: Results): void {
    this.#shown = results;
    const shown = figuresOf(results);
    // Of a few runs there is less to say.
    for (const [id, { node }] of this.#views) node.hidden = shown.every((figure) => figure.id !== id);
    for (const figure of shown) {
      const known = this.#views.get(figure.id);
      if (known) known.update(results);
      else {
        const view = new FigureView(
          figure,
          results,
          this.#theme,
          ({ manifest }) => manifest.name,
          this.#prepare,
          this.#selection,
        );
        view.restore(this.#restored[figure.id] ?? {});
        view.touched = () => this.touched();
        this.#views.set(figure.id, view);
        this.#place(view.node, shown.slice(shown.indexOf(figure) + 1));
        this.#showClaims(results, ({ figures: shown }) => shown.includes(figure.id), view.node, figure.title);
      }
    }
    this.#runs.update(results);
  }

  /** What the user has set in figures by hand, by their ids. */
  get settings(): FigureSettings {
    const set = [...this.#views].map(([id, { settings }]) => [id, settings] as const);
    return Object.fromEntries(set.filter(([, settings]) => Object.keys(settings).length > 0));
  }

  /** Sets figures that are there, and those that come, as they were set. */
  restore(settings: FigureSettings): void {
    this.#restored = settings;
    for (const [id, view] of this.#views) view.restore(settings[id] ?? {});
  }

  /** Claims under the figure that shows them; a table is open where it stands first. */
  #showClaims(
    { claims = [] }: Results,
    isOwn: (claim: ClaimRow) => boolean,
    node: HTMLElement,
    of: string,
  ): void {
    const own = claims.filter(isOwn);
    if (own.length === 0) return;
    const isFirst = own.some((claim) => !this.#claimed.has(claim));
    node.append(claimsTable(own, of, isFirst));
    for (const claim of own) this.#claimed.add(claim);
  }

  /** Draws every figure anew, in other colours. */
  redraw(): void {
    for (const view of this.#views.values()) view.redraw();
  }

  /** Figures stand in their order, whenever their data came. */
  #place(node: HTMLElement, later: readonly Figure[]): void {
    const next = later.map(({ id }) => this.#views.get(id)?.node).find((candidate) => candidate);
    this.#figures.insertBefore(node, next ?? null);
  }

  #showHeader({ manifest, runs }: Results): void {
    const diverged = Array.from(runs.columns.status).filter((status) => status === "diverged").length;
    const facts: [string, string][] = [
      ["Status", manifest.status],
      ["Runs", formatCount(runs.rows) + (diverged > 0 ? `, ${formatCount(diverged)} diverged` : "")],
      ["Adapter", adapterName(manifest.adapter)],
      ["Browser", manifest.browser],
      ["Training time", formatDuration(manifest.seconds)],
    ];
    const description = (manifest.document as { description?: unknown } | null)?.description;
    this.#header.replaceChildren(
      element("h1", { title: manifest.name }, manifest.name),
      ...(typeof description === "string" ? [element("p", { class: "description" }, description)] : []),
      element(
        "dl",
        { class: "facts" },
        ...facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
      ),
      ...(manifest.warnings.length > 0
        ? [
            element(
              "section",
              { class: "warnings", "aria-label": plural(manifest.warnings.length, "warning") },
              list("", manifest.warnings),
            ),
          ]
        : []),
    );
  }
}

function adapterName({
  vendor,
  architecture,
  description,
  software,
}: Results["manifest"]["adapter"]): string {
  const name = description || [vendor, architecture].filter(Boolean).join(" ");
  return name && software ? `${name} (software)` : name;
}

const list = (className: string, items: readonly string[]): HTMLElement =>
  element("ul", { class: className || null }, ...items.map((item) => element("li", {}, item)));
