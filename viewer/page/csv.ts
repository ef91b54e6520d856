import type { Column, Table } from "../../src/document/table.ts";

/** A table as CSV: shortest round-trip numbers, missing values empty, quotes where RFC 4180 asks for them. */
export function csvOf({ rows, columns }: Table): string {
  const names = Object.keys(columns);
  const lines = [names.map(quoted).join(",")];
  for (let row = 0; row < rows; row++) lines.push(names.map((name) => field(columns[name][row])).join(","));
  return `${lines.join("\n")}\n`;
}

function field(cell: Column[number]): string {
  if (cell === null || cell === undefined) return "";
  // String(-0) is "0".
  if (typeof cell === "number") return Object.is(cell, -0) ? "-0" : String(cell);
  return quoted(String(cell));
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
