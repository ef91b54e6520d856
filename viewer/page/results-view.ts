/** Results as a page: what ran and where, the figures, the runs, the document. */

import type { ClaimRow } from "../../src/results/claims.ts";
import type { Results } from "../../src/results/types.ts";
import { formatCount, formatDuration, plural } from "../figures/format.ts";
import { figures } from "../figures/registry.ts";
import { type Controls, type Figure, isShown, type Settings } from "../figures/figure.ts";
import { sampleText } from "../figures/runs.ts";
import type { Theme } from "../figures/theme.ts";
import { claimsTable } from "./claims-table.ts";
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
  readonly #header = element("header", { class: "results" });
  readonly #figures = element("div", { class: "figures" });
  readonly #views = new Map<string, FigureView>();
  readonly #runs: RunsTable;
  readonly #claimed = new Set<ClaimRow>();
  readonly #document = element("pre", { tabindex: 0 });

  /** @param leftOut what these results leave out besides the history's records, a sentence each */
  constructor(
    results: Results,
    theme: () => Theme,
    { leftOut = [], prepare }: { leftOut?: readonly string[]; prepare?: Prepare } = {},
  ) {
    this.#prepare = prepare;
    const sample = sampleText(results);
    const notes = [...(sample ? [`This page holds ${sample}; history.parquet has all.`] : []), ...leftOut];
    this.#theme = theme;
    this.#runs = new RunsTable(results);
    this.node = element(
      "article",
      {},
      this.#header,
      ...(notes.length > 0 ? [list("notes", notes)] : []),
      this.#figures,
      this.#runs.node,
      element(
        "details",
        { class: "document" },
        element("summary", {}, "The experiment document, with every default"),
        this.#document,
      ),
    );
    this.update(results);
    const left = element("div");
    this.#showClaims(results, (claim) => !this.#claimed.has(claim), left, "no figure here");
    this.#figures.after(left);
  }

  update(results: Results): void {
    this.#showHeader(results);
    for (const figure of figures.filter((candidate) => isShown(candidate, results))) {
      const known = this.#views.get(figure.id);
      if (known) known.update(results);
      else {
        const view = new FigureView(
          figure,
          results,
          this.#theme,
          ({ manifest }) => manifest.name,
          this.#prepare,
        );
        view.restore(this.#restored[figure.id] ?? {});
        view.touched = () => this.touched();
        this.#views.set(figure.id, view);
        this.#place(figure.id, view.node);
        this.#showClaims(results, ({ figures: shown }) => shown.includes(figure.id), view.node, figure.title);
      }
    }
    this.#runs.update(results);
    this.#document.textContent = JSON.stringify(results.manifest.document, null, 2);
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

  /** Figures stand in the registry's order, whenever their data came. */
  #place(id: string, node: HTMLElement): void {
    const later = figures.slice(figures.findIndex((figure) => figure.id === id) + 1);
    const next = later.map((figure) => this.#views.get(figure.id)?.node).find((candidate) => candidate);
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
