/**
 * Every built-in experiment as a card, by the paper that it is from: what it shows, its runs, how long they take here, and
 * what its claims came to. Results folders of the page's server stand before them.
 */

import { paperOf as paperOfSource, sourceOf as publishedSource } from "../../experiments/source.ts";
import { dataShape } from "../../src/data/registry.ts";
import type { Experiment } from "../../src/document/types.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { verdictsText } from "../../src/results/claims.ts";
import type { ListedFolder } from "../../src/results/listing.ts";
import { formatDuration, plural } from "../figures/format.ts";
import type { Theme } from "../figures/theme.ts";
import { sweepThumbnail } from "../live/sweep-thumbnail.ts";
import { element } from "../page/element.ts";
import { writeAddress } from "./address.ts";
import { expectedSeconds } from "./estimate.ts";
import { type BuiltIn, builtIns } from "./experiments.ts";
import { fetchFiles } from "./page-files.ts";
import { addressOf, servedListing } from "./results-folder.ts";
import { type Thumbnail, thumbnailNode, thumbnails } from "./thumbnails.ts";

interface Card {
  builtIn: BuiltIn;
  thumbnail: HTMLElement;
  facts: HTMLElement;
  link: HTMLAnchorElement;
  experiment?: Experiment;
}

function sourceOf(name: string): string | undefined {
  const { text } = builtIns.find((builtIn) => builtIn.name === name)!;
  const { description = "" } = JSON.parse(text) as { description?: string };
  return publishedSource(name, description);
}

const thesis = "The thesis";
const others = "After no paper";

function paperOf(name: string): string {
  const source = sourceOf(name);
  return source === undefined ? others : paperOfSource(source).replace("thesis", thesis);
}

/** The thesis first; what is after no paper, last. */
const rank = (paper: string): number => (paper === thesis ? 0 : paper === others ? 2 : 1);

/** Figure 2 before Figure 11. */
const ordered = builtIns.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));

export class Gallery {
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #saved = element("section", { hidden: true });
  readonly #cards: Card[] = ordered.map((builtIn) => ({
    builtIn,
    thumbnail: element("div", { class: "thumbnail" }),
    facts: element("p", { class: "pace" }),
    link: element("a", {}, builtIn.name),
  }));

  constructor(theme: () => Theme) {
    this.#theme = theme;
    const papers = [...new Set(ordered.map(({ name }) => paperOf(name)))].sort(
      (one, other) => rank(one) - rank(other) || one.localeCompare(other, "en"),
    );
    this.node = element(
      "div",
      { class: "gallery" },
      element("h1", {}, "Gallery"),
      element(
        "p",
        { class: "description" },
        "The built-in experiments. Each opens as a document that can be changed; what is short trains at once.",
      ),
      this.#saved,
      element("div", { class: "papers" }, ...papers.map((paper) => this.#section(paper))),
    );
    // Pictures are there at once; runs and times are counted one card after the other.
    for (const { builtIn, thumbnail } of this.#cards) {
      const picture = thumbnailNode(builtIn.name);
      if (picture) thumbnail.replaceChildren(picture);
    }
    void this.#fill();
    void this.#list();
  }

  /** Papers of few cards stand side by side. */
  #section(paper: string): HTMLElement {
    const cards = this.#cards.filter(({ builtIn }) => paperOf(builtIn.name) === paper);
    return element(
      "section",
      { "data-cards": Math.min(cards.length, 4) },
      element("h2", { class: "section" }, paper),
      element("div", { class: "cards" }, ...cards.map(cardNode)),
    );
  }

  async #list(): Promise<void> {
    const { title, folders } = await servedListing();
    if (folders.length === 0) return;
    this.#saved.hidden = false;
    this.#saved.replaceChildren(
      element("h2", { class: "section" }, title),
      element("div", { class: "cards" }, ...folders.map(folderNode)),
    );
  }

  redraw(): void {
    for (const card of this.#cards) if (card.experiment) this.#draw(card);
  }

  /** What is not drawn shows its runs, a dot each. */
  #draw({ builtIn: { name }, thumbnail, experiment }: Card): void {
    thumbnail.replaceChildren(thumbnailNode(name) ?? sweepThumbnail(experiment!, this.#theme()));
  }

  /** One card after the other, so that the page answers between them. */
  async #fill(): Promise<void> {
    for (const card of this.#cards) {
      const { name, text } = card.builtIn;
      card.link.href = writeAddress({ view: "sweep", document: text });
      const experiment = (card.experiment = parseExperiment(text, name));
      this.#draw(card);
      const source = sourceOf(name);
      card.facts.textContent = [...(source === undefined ? [] : [source]), await workText(experiment)].join(
        " · ",
      );
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}

const cardNode = ({ builtIn: { name, text }, thumbnail, facts, link }: Card): HTMLElement =>
  element(
    "article",
    { class: "card" },
    thumbnail,
    element("h3", {}, link),
    element("p", { class: "shows" }, (JSON.parse(text) as { description?: string }).description ?? ""),
    facts,
    ...(thumbnails[name] ? [element("p", { class: "pace" }, drawnText(thumbnails[name]))] : []),
  );

/** What the picture shows, from which runs, and what the claims came to on them. */
const drawnText = ({ figure, runs, changed, verdicts }: Thumbnail): string =>
  [
    `${figure === undefined ? "Checked on" : `“${figure}”, from`} ${
      changed === "" ? `the whole training, ${plural(runs, "run")}` : `a shortened training: ${changed}`
    }`,
    ...(verdicts.length > 0 ? [`${plural(verdicts.length, "claim")}: ${verdictsText(verdicts)}`] : []),
  ].join(". ");

const folderNode = (listed: ListedFolder): HTMLElement => {
  const { folder, name, status, changed, runs, seconds, adapter, verdicts, problem } = listed;
  const place = folder.replace(/\/$/, "");
  const facts = [
    status,
    ...(runs === null ? [] : [plural(runs, "run")]),
    ...(seconds > 0 ? [formatDuration(seconds)] : []),
    adapter,
  ];
  return element(
    "article",
    { class: "card" },
    element("h3", {}, problem === undefined ? element("a", { href: addressOf(listed) }, name) : name),
    ...(place === "" || place === name ? [] : [element("p", { class: "place" }, place)]),
    problem === undefined
      ? element("p", { class: "pace" }, facts.filter(Boolean).join(" · "))
      : element("p", { class: "problem" }, `Not read: ${problem}`),
    ...(changed === undefined ? [] : [element("p", { class: "pace" }, `A shortened training: ${changed}`)]),
    ...(verdicts.length > 0
      ? [element("p", { class: "pace" }, `${plural(verdicts.length, "claim")}: ${verdictsText(verdicts)}`)]
      : []),
  );
};

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
