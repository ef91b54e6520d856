/** The document in a drawer: as text, and as a form beside it that is made when the drawer opens. */

import type { DocumentError } from "../../src/document/error.ts";
import type { Json } from "../../src/document/types.ts";
import type { Form, Schema } from "../document/form.ts";
import { button, element } from "../page/element.ts";
import { documentText } from "./document-text.ts";

export interface EditorEvents {
  write(text: string): void;
  /** The user has left a field. */
  end(): void;
}

export class Editor {
  readonly node: HTMLElement;
  readonly #text = element("textarea", {
    id: "document",
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "document-message",
  });
  readonly #holder = element("div", { class: "form-holder" });
  readonly #write: (text: string) => void;
  #form: Form | undefined;
  readonly #message = element("p", { class: "message", id: "document-message", role: "status" });

  constructor({ write, end }: EditorEvents) {
    this.#write = write;
    this.#text.addEventListener("input", () => {
      write(this.#text.value);
      this.#showForm();
    });
    for (const part of [this.#text, this.#holder]) part.addEventListener("change", end);
    this.node = element(
      "aside",
      { class: "drawer", id: "drawer", hidden: true, "aria-label": "The experiment's document" },
      element(
        "div",
        { class: "row" },
        element("h2", {}, "The experiment’s document"),
        button("Close", {}, () => this.toggle()),
      ),
      this.#message,
      element(
        "div",
        { class: "halves" },
        element("div", { class: "half" }, element("h3", {}, "As a form"), this.#holder),
        element(
          "div",
          { class: "half" },
          element("h3", {}, element("label", { for: "document" }, "As JSON")),
          this.#text,
        ),
      ),
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.toggle();
    });
  }

  toggle(): void {
    this.node.hidden = !this.node.hidden;
    const opener = document.querySelector<HTMLElement>('[aria-controls="drawer"]');
    opener?.setAttribute("aria-expanded", String(!this.node.hidden));
    if (this.node.hidden) opener?.focus();
    else {
      this.#text.focus();
      void this.#makeForm();
    }
  }

  /** The schema and what makes a form of it are fetched when they are first asked for. */
  async #makeForm(): Promise<void> {
    if (this.#form) return;
    const [{ Form }, { default: schema }] = await Promise.all([
      import("../document/form.ts"),
      import("../../experiment.schema.json"),
    ]);
    this.#form = new Form(schema as Schema, (document) => {
      this.#text.value = documentText(document);
      this.#write(this.#text.value);
    });
    this.#holder.replaceChildren(this.#form.node);
    this.#showForm();
  }

  /** A text that is no JSON leaves the form as it is. */
  #showForm(): void {
    try {
      this.#form?.show(JSON.parse(this.#text.value) as Json);
    } catch {
      // The message beside it says what is wrong with it.
    }
  }

  show(text: string): void {
    if (this.#text.value !== text) this.#text.value = text;
    this.#showForm();
  }

  /** Says what is wrong with the document, or how much work it is. */
  tell(problem: DocumentError | undefined, work = ""): void {
    this.#message.textContent = problem?.message ?? work;
    this.#message.classList.toggle("problem", problem !== undefined);
    this.#text.setAttribute("aria-invalid", String(problem !== undefined));
    this.#form?.mark(problem?.path);
  }
}
