/** Everything that a training has to show, below the first screen: made when someone scrolls to it. */

import type { Results } from "../../src/results/types.ts";
import type { Theme } from "../figures/theme.ts";
import type { Selection } from "../linked/selection.ts";
import type { FigureSettings, ResultsView } from "../page/results-view.ts";
import { button, element } from "../page/element.ts";
import { offerRun } from "./available-results.ts";
import { prepareFigure } from "./prepare-figure.ts";

/** While training, figures take at most this share of the time, and no more than a few drawings a second. */
const drawingShare = 0.25;
const shortestPause = 250;

interface Kept {
  name: string;
  results: Results;
}

export class FullResults {
  /** Told when the user has set something in a figure by hand. */
  touched = (): void => {};
  readonly #holder = element("div");
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #selection: Selection;
  #View: typeof ResultsView | undefined;
  #view: ResultsView | undefined;
  /** What the view was made for: results of another kind get another view. */
  #kind = "";
  #settings: FigureSettings = {};
  #results: Results | undefined;
  /** Earlier runs, to look at again. */
  readonly #kept: Kept[] = [];
  #shown: Kept | undefined;
  readonly #choice = element("div", { class: "row", role: "group", "aria-label": "Which run is shown" });
  #seen = false;
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(theme: () => Theme, selection: Selection) {
    this.#theme = theme;
    this.#selection = selection;
    this.node = element(
      "section",
      { class: "full", "aria-labelledby": "full-heading" },
      element("h2", { class: "section", id: "full-heading" }, "Everything that was recorded"),
      this.#choice,
      this.#holder,
    );
    new IntersectionObserver(
      (entries) => {
        this.#seen = entries.at(-1)!.isIntersecting;
        if (this.#seen) void this.#draw();
      },
      { rootMargin: "100px" },
    ).observe(this.node);
  }

  get settings(): FigureSettings {
    return this.#view?.settings ?? this.#settings;
  }

  restore(settings: FigureSettings): void {
    this.#settings = settings;
    this.#view?.restore(settings);
  }

  /** Keeps the results of a run, to be compared with those that come. */
  keep(results: Results): void {
    const name = `Run ${this.#kept.length + 1}: ${results.manifest.name}`;
    this.#kept.push({ name, results });
    offerRun(name, results);
    this.#offer();
  }

  /** A choice as soon as there are two. */
  #offer(): void {
    if (this.#kept.length < 2) return;
    this.#choice.replaceChildren(
      ...[undefined, ...this.#kept].map((kept) =>
        button(kept?.name ?? "What is above", { "aria-pressed": String(kept === this.#shown) }, () => {
          this.#shown = kept;
          this.#offer();
          void this.#draw();
        }),
      ),
    );
  }

  update(results: Results): void {
    // Before the first record there is nothing to show.
    if (results.history.rows === 0 && results.manifest.status === "running") return;
    this.#results = results;
    if (!this.#seen) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#draw(), Math.max(0, this.#next - performance.now()));
  }

  redraw(): void {
    this.#view?.redraw();
  }

  /** What is to be shown: it may have grown meanwhile. */
  get #latest(): Results | undefined {
    return this.#shown?.results ?? this.#results;
  }

  async #draw(): Promise<void> {
    if (!this.#latest) return;
    this.#View ??= (await import("../page/results-view.ts")).ResultsView;
    const results = this.#latest;
    const begun = performance.now();
    const kind = JSON.stringify([
      Object.keys(results.runs.columns),
      Object.keys(results.arrays),
      results.manifest.name,
      results.manifest.warnings,
    ]);
    if (this.#view && kind === this.#kind) this.#view.update(results);
    else {
      const { settings } = this;
      this.#view?.close();
      this.#view = new this.#View(results, this.#theme, {
        prepare: prepareFigure,
        selection: this.#selection,
      });
      this.#view.restore(settings);
      this.#view.touched = () => this.touched();
      this.#holder.replaceChildren(this.#view.node);
    }
    this.#kind = kind;
    // Figures draw in the next frame; the one after it begins when they are on the screen.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const now = performance.now();
        this.#next = now + Math.max(shortestPause, (now - begun) * (1 / drawingShare - 1));
      }),
    );
  }
}
