/** The page of explanations: what theory says, beside a drawing that answers. */

import type { Theme } from "../figures/theme.ts";
import { element } from "../page/element.ts";
import { FigureView } from "../page/figure-view.ts";
import { explanations } from "./registry.ts";

/** Text with its ^{powers} and _{indices} raised and lowered. */
const typeset = (text: string): (HTMLElement | string)[] =>
  text.split(/([\^_]\{[^}]*\})/).map((part) => {
    const [, mark, script] = /^([\^_])\{(.*)\}$/.exec(part) ?? [];
    return script === undefined ? part : element(mark === "^" ? "sup" : "sub", {}, script);
  });

export class TheoryView {
  readonly node: HTMLElement;
  readonly #views: readonly FigureView<void>[];

  constructor(theme: () => Theme) {
    this.#views = explanations.map(({ figure, equation, sources }) => {
      const view = new FigureView<void>(figure, undefined, theme, () => "theory");
      view.node
        .querySelector(".caption")!
        .append(
          element("span", { class: "equation" }, ...typeset(equation)),
          element("cite", {}, sources.join("; ")),
        );
      return view;
    });
    this.node = element(
      "article",
      { class: "theory" },
      element("h1", {}, "Theory"),
      element(
        "p",
        { class: "description" },
        "Why networks are kernels from large initial weights and something else from small ones, in exact functions that are drawn as you drag.",
      ),
      element("div", { class: "figures" }, ...this.#views.map(({ node }) => node)),
    );
  }

  redraw(): void {
    for (const view of this.#views) view.redraw();
  }
}
