/** A document as text that people edit: an entry a line, but lists and small objects in one. */

import { isObject } from "../../src/document/path.ts";
import type { Json } from "../../src/document/types.ts";

const longestLine = 100;

export const documentText = (document: Json): string => `${write(document, "")}\n`;

function write(value: Json, indent: string): string {
  const line = inOneLine(value);
  const isNested = isObject(value) && Object.values(value).some(isObject);
  const fits = indent !== "" && !isNested && line.length + indent.length <= longestLine;
  if (fits || typeof value !== "object" || value === null || Object.keys(value).length === 0) return line;
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((item) => inner + write(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${write(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${entries.join(",\n")}\n${indent}${close}`;
}

function inOneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inOneLine(item)}`);
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
}
