import { Replacement } from "./replacement.ts";
import type { Table } from "../document/table.ts";
import type { ColumnDescription, TableFile } from "./table-file.ts";

const rowsAtOnce = 10_000;

/** A CSV file with a header: shortest round-trip numbers, missing values empty, quotes where RFC 4180 asks for them. */
export class CsvFile implements TableFile {
  readonly #names: readonly string[];
  readonly #file: Replacement;

  constructor(path: string, columns: readonly ColumnDescription[]) {
    this.#names = columns.map(({ name }) => name);
    this.#file = new Replacement(path);
    this.#append(`${this.#names.map(quoted).join(",")}\n`);
  }

  write({ rows, columns }: Table): void {
    const written = this.#names.map((name) => columns[name]);
    for (let start = 0; start < rows; start += rowsAtOnce) {
      let text = "";
      for (let row = start; row < Math.min(rows, start + rowsAtOnce); row += 1)
        text += `${written.map((column) => field(column[row])).join(",")}\n`;
      this.#append(text);
    }
  }

  finish(): void {
    this.#file.finish();
  }

  abandon(): void {
    this.#file.abandon();
  }

  #append(text: string): void {
    this.#file.append(Buffer.from(text, "utf8"));
  }
}

/** One value as CSV text. */
export function field(value: string | number | boolean | null): string {
  if (value === null) return "";
  // String(-0) is "0".
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  return quoted(String(value));
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
