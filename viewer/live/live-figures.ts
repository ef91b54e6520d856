/** The first screen's figures: how far kernels and weights move, and the kernels themselves, while training goes on. */

import type { Table } from "../../src/document/table.ts";
import { catalogue, type QuantityName } from "../../src/quantities/catalogue.ts";
import type { Results } from "../../src/results/types.ts";
import { type LineColours, lineColours } from "../figures/line-colours.ts";
import type { Theme } from "../figures/theme.ts";
import { leadingPath } from "../figures/runs.ts";
import { filtered } from "../linked/filtered.ts";
import { pointAt } from "../linked/pointing.ts";
import { epochFilter, type Selection } from "../linked/selection.ts";
import { SelectionSummary } from "../linked/selection-summary.ts";
import { element } from "../page/element.ts";
import { brushTiles } from "./alpha-brush.ts";
import { type Curve, curvesOf, type Span } from "./curves.ts";
import { kernelRow } from "./kernel-row.ts";
import { domainOf, drawLines } from "./line-drawing.ts";
import { Playback } from "./playback.ts";

/** What is drawn where a document records it; else what it does record. */
const wanted = ["ntk_drift", "weight_distance"];
/** Settings that were left and are still drawn. */
const mostGhosts = 3;

export class LiveFigures {
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #playback = new Playback(() => this.redraw());
  readonly #charts = [0, 1].map(() => {
    const title = element("h2");
    const symbol = element("span");
    const names = element("span", { class: "names" });
    const holder = element("div", { class: "drawing" });
    const caption = element("p", { class: "symbol" }, symbol, names);
    return {
      title,
      symbol,
      names,
      holder,
      node: element("section", { class: "chart" }, title, caption, holder),
    };
  });
  readonly #kernels = element("div", { class: "holder" });
  readonly #kernelScale = element("span", {});
  readonly #kernelSection = element(
    "section",
    { class: "chart kernel-chart" },
    element("h2", {}, "Change of the kernel, entry by entry"),
    element("p", { class: "symbol" }, "(K(t) − K(0)) / rms K(0) ", this.#kernelScale),
    this.#kernels,
  );
  #results: Results | undefined;
  /** As filters leave them: the curves' rows are theirs. */
  #shown: Results | undefined;
  #quantities: string[] = [];
  #curves: Curve[] = [];
  #colours: { runs: Table; theme: Theme; colours: LineColours } | undefined;
  #ghosts: Curve[][] = [];
  #domains: Record<string, [number, number]> = {};
  readonly #selection: Selection;
  readonly #summary: SelectionSummary;
  readonly #looked: HTMLElement;

  constructor(theme: () => Theme, selection: Selection) {
    this.#theme = theme;
    this.#selection = selection;
    this.#summary = new SelectionSummary(selection, false);
    this.#looked = element("div", { class: "looked" }, ...this.#summary.nodes);
    selection.addEventListener("change", () => this.#results && this.update(this.#results));
    for (const { holder } of this.#charts)
      pointAt(holder, {
        pick: (runs) => selection.pick(runs),
        brushes: () => true,
        brush: (range) => selection.filter(epochFilter, range),
      });
    brushTiles(this.#kernels, ".kernel", (first, last) => this.#choose(first, last));
    this.node = element(
      "div",
      { class: "live-figures" },
      ...this.#charts.map(({ node }) => node),
      this.#kernelSection,
      this.#playback.node,
      this.#looked,
    );
    new ResizeObserver(() => this.redraw()).observe(this.node);
  }

  /** Records that have come. */
  update(results: Results): void {
    this.#results = results;
    const shown = (this.#shown = filtered(results, this.#selection.filters));
    this.#looked.hidden = !this.#summary.show(results);
    const { quantities, arrays } = recordOf(results);
    this.#kernelSection.hidden = !arrays.includes("ntk");
    const drawn = [...wanted, ...quantities].filter((name) => quantities.includes(name));
    this.#quantities = [...new Set(drawn)].slice(0, 2);
    this.#curves = curvesOf(shown, this.#quantities);
    const longest = this.#curves.reduce<Curve | undefined>(
      (most, curve) => (curve.epochs.length > (most?.epochs.length ?? 0) ? curve : most),
      undefined,
    );
    this.#playback.follow(longest?.epochs ?? [0]);
    this.redraw();
  }

  /** Keeps what is drawn now as a ghost. */
  leave(): void {
    if (this.#curves.some(({ epochs }) => epochs.length > 1))
      this.#ghosts = [...this.#ghosts, this.#curves].slice(-mostGhosts);
  }

  forget(): void {
    this.#ghosts = [];
    this.redraw();
  }

  /** Looks at what lies between two tiles, where they stand in the order of a swept number. */
  #choose(first: number, last: number): void {
    const path = leadingPath(this.#shown!);
    const [low, high] = [first, last].map((k) => this.#curves[k]?.value);
    if (path !== undefined && low !== undefined && high !== undefined)
      this.#selection.filter(path, [low, high]);
  }

  /** The epochs that are looked at, or all. */
  #span(results: Results): Span {
    const last = lastEpochOf(results, this.#curves);
    const looked = this.#selection.filters.get(epochFilter);
    if (!looked || "is" in looked) return [0, last];
    const [first, end] = [Math.max(0, looked[0]), Math.min(last, looked[1])];
    return end > first ? [first, end] : [0, last];
  }

  get hasGhosts(): boolean {
    return this.#ghosts.length > 0;
  }

  redraw(): void {
    const [results, shown] = [this.#results, this.#shown];
    if (!results || !shown || this.node.clientWidth === 0) return;
    const isPicked = (run: number) => this.#selection.picked.has(run);
    const somePicked = this.#curves.some(({ run }) => isPicked(run));
    const theme = this.#theme();
    const { epoch } = this.#playback;
    const ghosts = this.#ghosts.flat();
    const span = this.#span(results);
    const isWindow = this.#selection.filters.has(epochFilter);
    const colours = this.#coloursOf(shown, theme);
    this.#charts.forEach(({ node, title, symbol, names, holder }, k) => {
      const quantity = this.#quantities[k];
      node.hidden = quantity === undefined;
      if (quantity === undefined) return;
      const kind = catalogue[quantity as QuantityName];
      title.textContent = kind.title;
      symbol.textContent = kind.symbol;
      // Of the numbers that stand at the ends of lines.
      names.textContent = colours.title;
      // While curves still rise the axis only grows; it fits them when they have ended.
      const kept = results.manifest.status === "running" && !isWindow ? this.#domains[quantity] : undefined;
      const domain = domainOf([...this.#curves, ...ghosts], quantity, span, kept);
      this.#domains[quantity] = domain;
      const frame = {
        quantity,
        label: `${kind.title} over epochs`,
        width: Math.max(120, Math.floor(holder.clientWidth)),
        height: Math.max(110, Math.floor(holder.clientHeight)),
        theme,
        colours,
        epoch,
        span,
        domain,
        picked: somePicked ? isPicked : undefined,
      };
      holder.replaceChildren(drawLines(this.#curves, ghosts, frame));
    });
    if (this.#kernelSection.hidden) return;
    const { node, legend } = kernelRow(shown, this.#curves, {
      epoch,
      theme,
      colours,
      picked: isPicked,
      pick: (run) => this.#selection.pick([run]),
    });
    const focused = [...this.#kernels.querySelectorAll("button")].indexOf(
      document.activeElement as HTMLButtonElement,
    );
    this.#kernels.replaceChildren(node);
    if (focused >= 0) this.#kernels.querySelectorAll("button")[focused]?.focus();
    this.#kernelScale.replaceChildren(legend);
  }

  /** The colours of the figures below; asked for at every frame, made when something has changed. */
  #coloursOf(results: Results, theme: Theme): LineColours {
    const known = this.#colours;
    if (known?.runs === results.runs && known.theme === theme) return known.colours;
    const colours = lineColours(results, leadingPath(results), theme);
    this.#colours = { runs: results.runs, theme, colours };
    return colours;
  }
}

/** What the document asks for, whether or not it has come. */
const recordOf = ({ manifest }: Results) =>
  (manifest.document as { record: { quantities: string[]; arrays: string[] } }).record;

/** Where the axis ends: at the last epoch of descent, at the latest step of a flow. */
function lastEpochOf({ manifest }: Results, curves: readonly Curve[]): number {
  const { epochs } = (manifest.document as { train: { epochs?: number } }).train;
  return typeof epochs === "number"
    ? epochs
    : Math.max(1, ...curves.map((curve) => curve.epochs.at(-1) ?? 0));
}
