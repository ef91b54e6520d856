/** Every built-in experiment as a card, by the paper that it is from: what it shows, its runs, and how long they take here. */

import { reproductions } from "../../experiments/registry.ts";
import { dataShape } from "../../src/data/registry.ts";
import type { Experiment } from "../../src/document/types.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { formatDuration, plural } from "../figures/format.ts";
import type { Theme } from "../figures/theme.ts";
import { sweepThumbnail } from "../live/sweep-thumbnail.ts";
import { element } from "../page/element.ts";
import { writeAddress } from "./address.ts";
import { expectedSeconds } from "./estimate.ts";
import { type BuiltIn, builtIns } from "./experiments.ts";
import { fetchFiles } from "./page-files.ts";

interface Card {
  builtIn: BuiltIn;
  thumbnail: HTMLElement;
  facts: HTMLElement;
  link: HTMLAnchorElement;
  experiment?: Experiment;
}

/** Where an experiment is published; what is no figure of its own belongs to the thesis, whose sweep it is. */
const sourceOf = (name: string): string =>
  reproductions.find(({ documents }) => documents.includes(name))?.source ?? "thesis, Section 4";

const paperOf = (name: string): string => sourceOf(name).split(/[,;]/, 1)[0].replace("thesis", "The thesis");

/** Figure 2 before Figure 11. */
const ordered = builtIns.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));

export class Gallery {
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #cards: Card[] = ordered.map((builtIn) => ({
    builtIn,
    thumbnail: element("div", { class: "thumbnail" }),
    facts: element("p", { class: "pace" }),
    link: element("a", {}, builtIn.name),
  }));

  constructor(theme: () => Theme) {
    this.#theme = theme;
    const papers = new Set(ordered.map(({ name }) => paperOf(name)));
    this.node = element(
      "div",
      { class: "gallery" },
      element("h1", {}, "Gallery"),
      element(
        "p",
        { class: "description" },
        "The built-in experiments. Each opens as a document that can be changed; what is short trains at once. The dots are its runs, coloured by α.",
      ),
      ...[...papers].map((paper) =>
        element(
          "section",
          {},
          element("h2", { class: "section" }, paper),
          element(
            "div",
            { class: "cards" },
            ...this.#cards.filter(({ builtIn }) => paperOf(builtIn.name) === paper).map(cardNode),
          ),
        ),
      ),
    );
    void this.#fill();
  }

  redraw(): void {
    for (const { thumbnail, experiment } of this.#cards)
      if (experiment) thumbnail.replaceChildren(sweepThumbnail(experiment, this.#theme()));
  }

  /** One card after the other, so that the page answers between them. */
  async #fill(): Promise<void> {
    for (const card of this.#cards) {
      const { name, text } = card.builtIn;
      card.link.href = await writeAddress({ view: "sweep", document: text });
      const experiment = (card.experiment = parseExperiment(text, name));
      card.thumbnail.replaceChildren(sweepThumbnail(experiment, this.#theme()));
      card.facts.textContent = `${sourceOf(name)} · ${await workText(experiment)}`;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}

const cardNode = ({ builtIn, thumbnail, facts, link }: Card): HTMLElement =>
  element(
    "article",
    { class: "card" },
    thumbnail,
    element("h3", {}, link),
    element(
      "p",
      { class: "shows" },
      (JSON.parse(builtIn.text) as { description?: string }).description ?? "",
    ),
    facts,
  );

async function workText(experiment: Experiment): Promise<string> {
  const { runs, search } = experiment;
  if (search) return `${plural(search.points.length, "search", "searches")}, as long as their probes need`;
  const [first] = runs;
  let sizes = dataShape(first.data);
  if (!sizes) {
    const [{ dataset }] = await loadRuns([first], await fetchFiles(experiment));
    sizes = dataset;
  }
  const seconds = expectedSeconds(experiment, sizes);
  const time =
    seconds === undefined ? "the steps that a flow needs" : `about ${formatDuration(seconds)} here`;
  return `${plural(runs.length, "run")}, ${time}`;
}
