import { isObject } from "../../document/path.ts";
import type { Json } from "../../document/types.ts";

const longestLine = 100;

/** A document as one writes it by hand: what fits on a line stands on one. */
export const documentText = (document: Json): string => `${textOf(document, 0, 0)}\n`;

/**
 * @param indent of the line that the value begins on
 * @param before characters before it on its line
 */
function textOf(value: Json, indent: number, before: number): string {
  const line = lineOf(value);
  const isWhole = indent === 0 && isObject(value);
  if (typeof value !== "object" || value === null || (!isWhole && before + line.length <= longestLine))
    return line;
  const inner = indent + 2;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((entry) => textOf(entry, inner, inner))
    : Object.entries(value).map(([key, entry]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + textOf(entry, inner, inner + name.length);
      });
  const space = " ".repeat(inner);
  return `${open}\n${parts.map((part) => space + part).join(",\n")}\n${" ".repeat(indent)}${close}`;
}

function lineOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(lineOf).join(", ")}]`;
  if (typeof value === "number") return numberText(value);
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${lineOf(entry)}`);
  return parts.length > 0 ? `{ ${parts.join(", ")} }` : "{}";
}

/** 3e-4, and not 0.0003. */
export const numberText = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential() : String(value);
