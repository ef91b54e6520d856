/** Two results beside each other: in what their documents differ, and every quantity that both have recorded. */

import type { Json } from "../../src/document/types.ts";
import { comparisonFigure, type Pair, sharedQuantities } from "../figures/comparison.ts";
import { documentDifferences } from "../figures/document-differences.ts";
import { shorten } from "../figures/text.ts";
import type { Theme } from "../figures/theme.ts";
import { element } from "../page/element.ts";
import { FigureView } from "../page/figure-view.ts";
import { writeAddress } from "./address.ts";
import { type Available, availableResults, whenMore } from "./available-results.ts";

const sides = ["first", "second"] as const;
const longestValue = 60;

export class Compare {
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #selects = sides.map((side) => element("select", { id: `compare-${side}` }));
  readonly #message = element("p", { class: "message", role: "status" });
  readonly #holder = element("div");
  #available: Available[] = [];
  #views: FigureView<Pair>[] = [];

  constructor(theme: () => Theme) {
    this.#theme = theme;
    this.node = element(
      "div",
      {},
      element("h1", {}, "Compare"),
      element(
        "p",
        { class: "description" },
        "Two results, each quantity of both and its ratio or difference. Drop results folders on the page to choose among them; what Run has trained is here, too.",
      ),
      element(
        "div",
        { class: "row choices-row" },
        ...sides.map((side, k) =>
          element(
            "div",
            { class: "control" },
            element("label", { for: `compare-${side}` }, side === "first" ? "First" : "Second"),
            this.#selects[k],
          ),
        ),
      ),
      this.#message,
      this.#holder,
    );
    for (const select of this.#selects)
      select.addEventListener("change", () => {
        history.replaceState(null, "", this.#address());
        void this.#show();
      });
    whenMore(() => void this.#list());
  }

  /** Shows what an address says. */
  async open(wanted: Record<string, unknown> = {}): Promise<void> {
    await this.#list();
    sides.forEach((side, k) => {
      const found = this.#available.findIndex(({ label }) => label === wanted[side]);
      if (found >= 0) this.#selects[k].value = String(found);
    });
    await this.#show();
  }

  redraw(): void {
    for (const view of this.#views) view.redraw();
  }

  #address(): string {
    const labels = this.#selects.map(({ value }) => this.#available[Number(value)]?.label ?? "");
    return writeAddress({ view: "compare", settings: { compare: { first: labels[0], second: labels[1] } } });
  }

  async #list(): Promise<void> {
    const before = this.#available.length;
    this.#available = await availableResults();
    this.#selects.forEach((select, k) => {
      // The two that came last, until others are chosen.
      const latest = String(Math.max(0, this.#available.length - 2 + k));
      const chosen = before < 2 ? latest : select.value;
      select.replaceChildren(
        ...this.#available.map(({ label }, value) => element("option", { value }, label)),
      );
      select.value = chosen;
    });
    if (before < 2 && this.#available.length >= 2) await this.#show();
  }

  async #show(): Promise<void> {
    if (this.#available.length < 2) {
      this.#message.textContent = `There ${this.#available.length === 1 ? "is only one" : "are no"} results yet: run twice, or drop folders on the page.`;
      return;
    }
    const chosen = this.#selects.map(({ value }) => this.#available[Number(value)]);
    this.#message.textContent = "Reading …";
    try {
      const [first, second] = await Promise.all(chosen.map(({ read }) => read()));
      const pair: Pair = { first, second, names: [chosen[0].label, chosen[1].label] };
      this.#views = sharedQuantities(pair).map(
        (quantity) =>
          new FigureView(comparisonFigure(quantity), pair, this.#theme, ({ names }) =>
            names.join(" and ").replaceAll("/", "-"),
          ),
      );
      this.#message.textContent =
        this.#views.length > 0 ? "" : "The two have recorded no quantity in common.";
      this.#holder.replaceChildren(
        differencesTable(pair),
        element("div", { class: "figures" }, ...this.#views.map(({ node }) => node)),
      );
    } catch (error) {
      this.#message.textContent = `Not read: ${(error as Error).message}`;
    }
  }
}

/** What of the two is not the same, besides what was measured. */
function differencesTable({ first, second, names }: Pair): HTMLElement {
  const facts = ({ manifest }: Pair["first"]): Json => ({
    ...(manifest.document as { [key: string]: Json }),
    adapter: manifest.adapter.description || manifest.adapter.vendor,
    browser: manifest.browser,
    version: manifest.versions.alphasweep ?? "this page's",
    status: manifest.status,
  });
  const differences = documentDifferences(facts(first), facts(second)).filter(
    ({ path }) => path !== "description",
  );
  if (differences.length === 0)
    return element("p", {}, "Their documents, adapters and versions are the same.");
  const show = (value: Json | undefined) =>
    value === undefined
      ? "not said"
      : shorten(typeof value === "string" ? value : JSON.stringify(value), longestValue);
  return element(
    "div",
    { class: "table", tabindex: 0, role: "region", "aria-label": "What differs" },
    element(
      "table",
      { class: "differences" },
      element(
        "thead",
        {},
        element("tr", {}, ...["differs", ...names].map((title) => element("th", { scope: "col" }, title))),
      ),
      element(
        "tbody",
        {},
        ...differences.map(({ path, from, to }) =>
          element(
            "tr",
            {},
            element("td", {}, path),
            element("td", {}, show(from)),
            element("td", {}, show(to)),
          ),
        ),
      ),
    ),
  );
}
