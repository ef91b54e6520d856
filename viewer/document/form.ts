/** A document as a form, made from its JSON Schema: a field for every value that the schema knows at this place. */

import { formatPath, isObject, type Path, valueAt, withValue } from "../../src/document/path.ts";
import type { Json } from "../../src/document/types.ts";
import { element } from "../page/element.ts";

/** The part of JSON Schema that the published schema uses. */
export interface Schema {
  type?: string;
  const?: Json;
  enum?: Json[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  description?: string;
  default?: Json;
}

/** The document that fields stand for; `write` sets one of its values, or leaves it out. */
interface Owner {
  document: () => Json;
  write: (path: Path, value: Json | undefined) => void;
}

/** Keys that say which of several objects is meant. */
const discriminators = ["kind", "method"];

export class Form {
  readonly node = element("form", { class: "form", autocomplete: "off" });
  readonly #schema: Schema;
  readonly #write: (document: Json) => void;
  #document: Json = {};
  /** Which alternatives the fields were made for. */
  #shape = "";

  constructor(schema: Schema, write: (document: Json) => void) {
    this.#schema = schema;
    this.#write = write;
    this.node.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Shows a document; the field that is being written in is left as it is. */
  show(document: Json): void {
    this.#document = document;
    const shape = JSON.stringify(shapeOf(this.#schema, document));
    if (shape === this.#shape) this.#refresh();
    else this.#make();
    this.#shape = shape;
  }

  /** Marks the field that a problem is at, or the nearest around it. */
  mark(path: string | undefined): void {
    const fields = [...this.node.querySelectorAll<HTMLElement>("[data-path]")];
    for (const field of fields) {
      const own = field.dataset.path!;
      const isWrong =
        path !== undefined && (path === own || path.startsWith(`${own}.`) || path.startsWith(`${own}[`));
      if (field.matches("input, select")) field.setAttribute("aria-invalid", String(isWrong));
    }
  }

  #make(): void {
    const owner: Owner = {
      document: () => this.#document,
      write: (path, value) => {
        const before = this.#document;
        this.show(value === undefined ? without(before, path) : withValue(before, path, value));
        this.#write(this.#document);
      },
    };
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset.path : undefined;
    this.node.replaceChildren(...objectFields(this.#schema, this.#document, [], owner));
    if (focused) this.node.querySelector<HTMLElement>(`[data-path="${CSS.escape(focused)}"]`)?.focus();
  }

  #refresh(): void {
    for (const field of this.node.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-path]"))
      if (field !== document.activeElement)
        field.dispatchEvent(new CustomEvent("refresh", { detail: this.#document }));
  }
}

/** Which alternatives a document takes: with others the form has other fields. */
function shapeOf(schema: Schema, value: Json | undefined): Json {
  const taken = variantOf(schema, value);
  if (!taken.properties) return 0;
  return Object.entries(taken.properties).map(([key, inner]) =>
    "const" in inner ? (inner.const ?? null) : shapeOf(inner, valueAt(value, [key])),
  );
}

/** The alternative that a value is of: the one of its kind, of its type, or the first. */
function variantOf(schema: Schema, value: Json | undefined): Schema {
  if (!schema.anyOf) return schema;
  const found = schema.anyOf.find(({ properties }) =>
    discriminators.some((key) => properties?.[key] && valueAt(value, [key]) === properties[key].const),
  );
  return (
    found ??
    (schema.anyOf.every(({ properties }) => properties) && !isAmbiguous(schema) ? schema.anyOf[0] : schema)
  );
}

/** Objects that no key tells apart are written as JSON. */
const isAmbiguous = ({ anyOf = [] }: Schema): boolean =>
  !anyOf.every(({ properties }) => discriminators.some((key) => properties && key in properties));

function objectFields(schema: Schema, value: Json | undefined, path: Path, owner: Owner): HTMLElement[] {
  const taken = variantOf(schema, value);
  return Object.entries(taken.properties ?? {}).flatMap(([key, inner]) => {
    // Where editors find the schema is nothing to fill in.
    if (key === "$schema") return [];
    const place = [...path, key];
    const held = valueAt(value, [key]);
    if (discriminators.includes(key) && schema.anyOf) return [kindField(key, schema, place, held, owner)];
    if (!variantOf(inner, held).properties) return [valueField(key, inner, place, held, owner)];
    return [
      element(
        "fieldset",
        {},
        element("legend", { title: inner.description }, key),
        ...objectFields(inner, held, place, owner),
      ),
    ];
  });
}

/** Which of several objects is meant; what the old and the new one have in common is kept. */
function kindField(
  key: string,
  { anyOf = [], description }: Schema,
  path: Path,
  value: Json | undefined,
  { document, write }: Owner,
): HTMLElement {
  const kinds = anyOf.map(({ properties }) => properties![key].const!);
  const select = element(
    "select",
    {},
    ...kinds.map((kind) => element("option", { value: String(kind) }, String(kind))),
  );
  const show = (now: Json | undefined) => (select.value = String(now ?? kinds[0]));
  show(value);
  select.addEventListener("change", () => {
    const owned = path.slice(0, -1);
    const known = anyOf[kinds.indexOf(select.value)].properties!;
    const kept = Object.entries(valueAt(document(), owned) ?? {}).filter(([name]) => name in known);
    write(owned, { ...Object.fromEntries(kept), [key]: select.value });
  });
  return labelled(key, description, path, select, show);
}

function valueField(
  key: string,
  schema: Schema,
  path: Path,
  value: Json | undefined,
  { write }: Owner,
): HTMLElement {
  const { type, description } = schema;
  const choices = schema.enum ?? schema.items?.enum;
  if (choices) {
    const isList = schema.items !== undefined;
    const select = element(
      "select",
      isList ? { multiple: true, size: Math.min(6, choices.length) } : {},
      ...choices.map((choice) => element("option", { value: String(choice) }, String(choice))),
    );
    const show = (now: Json | undefined) => {
      const taken = [now ?? schema.default].flat().map(String);
      for (const option of select.options) option.selected = taken.includes(option.value);
    };
    show(value);
    select.addEventListener("change", () => {
      const taken = choices.filter((_, k) => select.options[k].selected);
      write(path, isList ? taken : taken[0]);
    });
    return labelled(key, description, path, select, show);
  }
  if (type === "boolean") {
    const box = element("input", { type: "checkbox" });
    const show = (now: Json | undefined) => (box.checked = Boolean(now ?? schema.default));
    show(value);
    box.addEventListener("change", () => write(path, box.checked));
    return labelled(key, description, path, box, show);
  }
  // Numbers are texts as well: "1e-3" while it is typed is no number yet, and an empty field takes the default.
  const isText = type === "string";
  const input = element("input", {
    type: "text",
    inputmode: type === "number" || type === "integer" ? "decimal" : null,
    placeholder: schema.default === undefined ? null : textOf(schema.default, isText),
  });
  const show = (now: Json | undefined) => (input.value = now === undefined ? "" : textOf(now, isText));
  show(value);
  input.addEventListener("input", () => {
    const text = input.value.trim();
    write(path, text === "" ? undefined : isText ? input.value : parsed(text));
  });
  return labelled(key, description, path, input, show);
}

/** Words need no quotes, where they would not be read as something else. */
const textOf = (value: Json, isText: boolean): string =>
  typeof value === "string" && (isText || parsed(value) === value) ? value : JSON.stringify(value);

/** What is no JSON is taken as the text that it is. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function labelled(
  key: string,
  description: string | undefined,
  path: Path,
  control: HTMLInputElement | HTMLSelectElement,
  show: (value: Json | undefined) => void,
): HTMLElement {
  const id = `field-${formatPath(path)}`;
  control.id = id;
  control.dataset.path = formatPath(path);
  if (description) control.title = description;
  control.addEventListener("refresh", (event) => show(valueAt((event as CustomEvent<Json>).detail, path)));
  return element("div", { class: "field" }, element("label", { for: id, title: description }, key), control);
}

/** The document without a value. */
function without(document: Json, path: Path): Json {
  const owner = valueAt(document, path.slice(0, -1));
  if (!isObject(owner)) return document;
  const { [String(path.at(-1))]: _, ...rest } = owner;
  return path.length === 1 ? rest : withValue(document, path.slice(0, -1), rest);
}
