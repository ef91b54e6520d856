/** The kernel lab: kernels over alpha, their spectra and their alignment, all at one time that is played and stepped. */

import { bisectRight } from "d3";
import type { Results } from "../../src/results/types.ts";
import { type Figure, isShown } from "../figures/figure.ts";
import { kernelEpochs } from "../figures/kernel-scale.ts";
import { kernelRuns } from "../../src/results/kernel-frames.ts";
import { tangentKernels } from "../figures/tangent-kernels.ts";
import type { Theme } from "../figures/theme.ts";
import { filtered } from "../linked/filtered.ts";
import { clearByEscape, type Selection } from "../linked/selection.ts";
import { SelectionSummary } from "../linked/selection-summary.ts";
import { Playback } from "../live/playback.ts";
import { element } from "../page/element.ts";
import { FigureView } from "../page/figure-view.ts";
import { alignmentOverTime } from "./alignment-over-time.ts";
import { spectrumNow } from "./spectrum-now.ts";
import { spectrumOverTime } from "./spectrum-over-time.ts";

const labFigures: readonly Figure[] = [tangentKernels, spectrumNow, alignmentOverTime, spectrumOverTime];

/** While a training goes on, this many milliseconds between drawings. */
const pause = 400;

/** What the lab looks at: the results that were looked at last. */
export interface LabSource {
  results: Results | undefined;
  selection: Selection;
}

export class KernelLab {
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #source: () => LabSource;
  readonly #heading = element("h1", {}, "Kernel lab");
  readonly #of = element("p", { class: "description" });
  readonly #figures = element("div", { class: "figures" });
  readonly #playback = new Playback(() => this.#show(), "lab-epoch");
  readonly #looked = element("div", { class: "looked" });
  #summary: SelectionSummary | undefined;
  readonly #views = new Map<string, FigureView>();
  #selection: Selection | undefined;
  #results: Results | undefined;
  #listening = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: () => LabSource, theme: () => Theme) {
    this.#source = source;
    this.#theme = theme;
    this.#playback.node.classList.add("sticky");
    this.node = element(
      "article",
      { class: "lab" },
      this.#heading,
      this.#of,
      this.#playback.node,
      this.#looked,
      this.#figures,
    );
  }

  /** Draws what the source has now. */
  redraw(): void {
    const { selection } = this.#source();
    if (selection !== this.#selection) this.#listen(selection);
    this.#update();
    for (const view of this.#views.values()) view.redraw();
  }

  /** The source has more. */
  grown(): void {
    if (!this.node.isConnected) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, pause);
  }

  #listen(selection: Selection): void {
    this.#listening.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#selection = selection;
    this.#summary = new SelectionSummary(selection, true);
    this.#looked.replaceChildren(...this.#summary.nodes);
    this.#views.clear();
    this.#figures.replaceChildren();
    const changed = () => {
      this.#update();
      for (const view of this.#views.values()) view.reselect();
    };
    selection.addEventListener("change", changed, { signal });
    addEventListener("keydown", (event) => clearByEscape(event, selection, this.node), { signal });
  }

  #update(): void {
    const { results } = this.#source();
    const has = results?.arrays.ntk !== undefined && kernelRuns(results).length > 0;
    this.#playback.node.hidden = !has;
    this.#figures.hidden = !has;
    this.#looked.hidden = !has || !this.#summary!.show(results);
    this.#of.textContent = has
      ? `The tangent kernels of ${results.manifest.name}, all at one time.`
      : "There are no tangent kernels to look at yet: train the sweep first, or open results. They are recorded where record.arrays of a document names “ntk”.";
    if (!has) return;
    this.#results = filtered(results, this.#selection!.filters);
    for (const figure of labFigures) {
      const known = this.#views.get(figure.id);
      if (!isShown(figure, this.#results)) {
        if (known) known.node.hidden = true;
        continue;
      }
      if (known) {
        known.node.hidden = false;
        known.update(this.#results);
        continue;
      }
      const view = new FigureView(
        figure,
        this.#results,
        this.#theme,
        ({ manifest }) => manifest.name,
        undefined,
        this.#selection,
      );
      this.#views.set(figure.id, view);
      const later = labFigures.slice(labFigures.indexOf(figure) + 1);
      const next = later.flatMap(({ id }) => this.#views.get(id)?.node ?? []).at(0);
      this.#figures.insertBefore(view.node, next ?? null);
    }
    this.#playback.follow(kernelEpochs(this.#results));
    this.#show();
  }

  /** Sets every figure to the time that is shown. */
  #show(): void {
    if (!this.#results) return;
    const epochs = kernelEpochs(this.#results);
    const epoch = Math.max(0, bisectRight(epochs, this.#playback.epoch) - 1);
    for (const view of this.#views.values()) view.drive({ epoch });
  }
}
