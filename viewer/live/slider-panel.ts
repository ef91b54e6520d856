/** The sliders of a document: dragging one writes the document, and a changed document moves them. */

import type { Json } from "../../src/document/types.ts";
import { element } from "../page/element.ts";
import { type DataSizes, documentSliders, positionOf, sliderText, valueOf } from "./document-sliders.ts";

export interface SliderEvents {
  /** The user begins to move a slider. */
  begin(): void;
  /** The document as a slider has written it. */
  write(document: Json): void;
  /** The user has let go. */
  end(): void;
}

export class SliderPanel {
  readonly node = element("div", { class: "sliders", role: "group", "aria-label": "Settings of the sweep" });
  #document: Json = {};
  #sizes: DataSizes = { samples: 10, inputs: 20 };
  /** The slider that is dragged: setting it would take it from the hand. */
  #moved: HTMLInputElement | undefined;
  readonly #rows;

  constructor(events: SliderEvents) {
    this.#rows = documentSliders.map((slider) => {
      const id = `slider-${slider.id.replace(".", "-")}`;
      const input = element("input", {
        type: "range",
        id,
        min: slider.low,
        max: slider.high,
        step: slider.step,
      });
      const output = element("output", { for: id });
      input.addEventListener("input", () => {
        if (!this.#moved) events.begin();
        this.#moved = input;
        this.#document = slider.write(this.#document, valueOf(slider, input.valueAsNumber), this.#sizes);
        this.#display();
        events.write(this.#document);
      });
      input.addEventListener("change", () => {
        this.#moved = undefined;
        events.end();
      });
      const node = element(
        "div",
        { class: "control slider" },
        element("label", { for: id, title: slider.title }, slider.label),
        input,
        output,
      );
      return { slider, node, input, output };
    });
  }

  show(document: Json, sizes: DataSizes = this.#sizes): void {
    this.#document = document;
    this.#sizes = sizes;
    this.#display();
  }

  #display(): void {
    const shown = this.#rows.filter(({ slider, input, output }) => {
      const value = slider.read(this.#document, this.#sizes);
      if (value === undefined) return false;
      const text = sliderText(value);
      if (input !== this.#moved) input.valueAsNumber = positionOf(slider, value);
      output.textContent = text;
      input.setAttribute("aria-valuetext", text);
      return true;
    });
    const nodes = shown.map(({ node }) => node);
    // Moving a node would take the pointer from the slider that is dragged.
    if (
      nodes.length !== this.node.childElementCount ||
      nodes.some((node, k) => this.node.children[k] !== node)
    )
      this.node.replaceChildren(...nodes);
  }
}
