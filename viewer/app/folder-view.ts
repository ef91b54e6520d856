/** A results folder in the page: its tables first, its arrays when they have come. */

import { parseExperiment } from "../../src/experiment/experiment.ts";
import type { Results } from "../../src/results/types.ts";
import { changedTraining } from "../figures/changed-training.ts";
import type { Theme } from "../figures/theme.ts";
import { element } from "../page/element.ts";
import { Selection } from "../linked/selection.ts";
import { type FigureSettings, ResultsView } from "../page/results-view.ts";
import { prepareFigure } from "./prepare-figure.ts";
import { readArray, readArrays, readTables } from "./read-folder.ts";
import type { ResultsFolder } from "./results-folder.ts";

export class FolderView {
  /** Told when a reader has set, picked or brushed something. */
  settled = (): void => {};
  readonly node = element("div", {}, element("p", { role: "status" }, "Reading …"));
  readonly #theme: () => Theme;
  /** Picked and looked at in all its figures. */
  readonly selection = new Selection();
  #view: ResultsView | undefined;
  #settings: FigureSettings = {};
  #results: Results | undefined;

  constructor(folder: ResultsFolder, theme: () => Theme) {
    this.#theme = theme;
    this.selection.addEventListener("chosen", () => this.settled());
    void this.#read(folder);
  }

  redraw(): void {
    this.#view?.redraw();
  }

  /** What figures are set to by hand. */
  get settings(): FigureSettings {
    return this.#view?.settings ?? this.#settings;
  }

  restore(settings: FigureSettings): void {
    this.#settings = settings;
    this.#view?.restore(settings);
  }

  get results(): Results | undefined {
    return this.#results;
  }

  async #read(folder: ResultsFolder): Promise<void> {
    try {
      const results = (this.#results = await readTables(folder));
      const view = (this.#view = new ResultsView(results, this.#theme, {
        leftOut: await shorteningOf(results),
        prepare: prepareFigure,
        selection: this.selection,
      }));
      view.restore(this.#settings);
      view.touched = () => this.settled();
      this.node.replaceChildren(view.node);
      const arrays: Results["arrays"] = {};
      for (const name of readArrays) {
        const array = await readArray(folder, name, results.runs.rows);
        if (!array) continue;
        arrays[name] = array;
        this.#results = { ...results, arrays: { ...arrays } };
        view.update(this.#results);
      }
    } catch (error) {
      const problem = element(
        "p",
        { class: "problem", role: "alert" },
        `Not read: ${(error as Error).message}`,
      );
      if (this.#view) this.node.prepend(problem);
      else this.node.replaceChildren(problem);
    }
  }
}

/** Says where results are those of a built-in document that was changed: its claims and captions mean the whole one. */
async function shorteningOf({ manifest, runs }: Results): Promise<string[]> {
  const { builtIns } = await import("./experiments.ts");
  const builtIn = builtIns.find(({ name }) => name === manifest.name);
  if (!builtIn) return [];
  const changed = changedTraining(manifest.document, runs.rows, parseExperiment(builtIn.text, builtIn.name));
  return changed === "" ? [] : [`A shortened training of the built-in document: ${changed}.`];
}
