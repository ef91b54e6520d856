/**
 * CSV files of a regression problem (RFC 4180, UTF-8): a header row, then a row a sample. The targets are the columns that
 * the document names, or `y`, or where there is none `y1`, `y2`, ...; all others are inputs in their order. Lines end in LF, CRLF or CR. Blank lines are skipped; spaces around fields without
 * quotes are dropped.
 */

import { DocumentError } from "../document/error.ts";
import { nearest } from "../document/nearest.ts";
import { alternatives, shown } from "../document/shown.ts";
import { utf8Text } from "../document/utf8-text.ts";
import { isNpy } from "./npy.ts";
import { precisionProblem } from "./precision.ts";

export interface LabelledTable {
  /** Names of the inputs, in order. */
  inputs: string[];
  samples: number;
  /** X, [samples, inputs], row-major. */
  X: Float64Array;
  /** Targets of a sample. */
  outputs: number;
  /** Targets, [samples, outputs]. */
  y: Float64Array;
}

/** What a document says in `data.target`: columns in their order, or nothing, which means `y`, or `y1`, `y2`, ... */
export interface NamedTargets {
  columns: readonly string[] | undefined;
}

/** Longest file: JavaScript strings and plain arrays end not far above what it can hold. */
const maxBytes = 2 ** 27;

const target = "y";

/**
 * Reads a labelled table.
 *
 * @param file name of the file, for messages
 * @param named where the document may name the targets
 * @throws DocumentError naming the line, the column and the value
 */
export function readCsv(bytes: Uint8Array, file: string, named?: NamedTargets): LabelledTable {
  const rows = csvRows(decode(bytes, file), file);
  const first = rows.next();
  if (first.done) throw new DocumentError(file, `is empty; a CSV file starts with a row of column names`);
  const names = first.value.fields;
  const targets = targetColumns(names, file, first.value.line, named);
  const isTarget = names.map((_, column) => targets.includes(column));
  const { samples, values } = readNumbers(rows, names, file);
  if (samples === 0) throw new DocumentError(file, "holds no samples, only column names");
  const columns = (chosen: readonly number[]) =>
    Float64Array.from({ length: samples * chosen.length }, (_, k) => {
      const row = Math.floor(k / chosen.length);
      return values[row * names.length + chosen[k % chosen.length]];
    });
  const inputs = names.flatMap((_, column) => (isTarget[column] ? [] : [column]));
  return {
    inputs: inputs.map((column) => names[column]),
    samples,
    outputs: targets.length,
    X: columns(inputs),
    y: columns(targets),
  };
}

/**
 * Reads a table of numbers alone, with a row of column names or without.
 *
 * @returns the shape [rows, columns], and the numbers row by row
 * @throws DocumentError naming the line, the column and the value
 */
export function readNumberTable(
  bytes: Uint8Array,
  file: string,
): { shape: [number, number]; values: Float64Array } {
  const text = decode(bytes, file);
  const first = csvRows(text, file).next();
  if (first.done) throw new DocumentError(file, "is empty; it holds a row of numbers a sample");
  const { fields } = first.value;
  const hasNames = fields.some((field) => Number.isNaN(parseNumber(field)));
  const rows = csvRows(text, file);
  if (hasNames) rows.next();
  const names = hasNames ? fields : fields.map((_, column) => String(column + 1));
  const { samples, values } = readNumbers(rows, names, file);
  if (samples === 0) throw new DocumentError(file, "holds no samples, only column names");
  return { shape: [samples, names.length], values: Float64Array.from(values) };
}

/** The rows of a table after its names, one after the other. */
function readNumbers(
  rows: Iterable<{ line: number; fields: string[] }>,
  names: readonly string[],
  file: string,
): { samples: number; values: number[] } {
  const values: number[] = [];
  let samples = 0;
  for (const { line, fields } of rows) {
    if (fields.length !== names.length) {
      throw new DocumentError(
        file,
        `line ${line} has ${fields.length} fields; the header has ${names.length}`,
      );
    }
    fields.forEach((field, column) => {
      const value = parseNumber(field);
      const problem = precisionProblem(value);
      if (problem) {
        throw new DocumentError(
          file,
          `line ${line}, column ${shown(names[column])} is ${shown(field)}; ${problem}`,
        );
      }
      values.push(value);
    });
    samples += 1;
  }
  return { samples, values };
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > maxBytes) {
    throw new DocumentError(
      file,
      `has ${bytes.length} bytes; a CSV file has at most ${maxBytes} (use .npy files)`,
    );
  }
  const text = utf8Text(bytes);
  if (text === undefined) {
    const mend = isNpy(bytes)
      ? "is an .npy file; data.inputs and data.targets take those, train and test are CSV files"
      : "is not UTF-8 text; train and test are CSV files";
    throw new DocumentError(file, mend);
  }
  return text;
}

/** A decimal number; NaN for anything else, such as the blanks and 0x10 that Number would take. */
const parseNumber = (field: string): number => (/^[0-9eE+.-]+$/.test(field) ? Number(field) : NaN);

/** Checks the header row and returns the targets' columns in order. */
function targetColumns(
  names: string[],
  file: string,
  line: number,
  named: NamedTargets | undefined,
): number[] {
  const seen = new Set<string>();
  names.forEach((name, column) => {
    if (name === "") {
      throw new DocumentError(
        file,
        `line ${line}, column ${column + 1} has no name (a row index? pandas leaves it out with index=False)`,
      );
    }
    if (seen.has(name)) throw new DocumentError(file, `line ${line} names two columns ${shown(name)}`);
    seen.add(name);
  });
  const targets = named?.columns
    ? named.columns.map((name) => namedTarget(name, names, file))
    : seen.has(target)
      ? [names.indexOf(target)]
      : numberedTargets(names, file, line);
  if (targets.length === 0) {
    throw new DocumentError(
      file,
      `line ${line} names no column "${target}", the target (or "${target}1", "${target}2", ...)${named ? "; name it in data.target" : ""}; its columns, separated by commas, are ${shown(names.join(","))}`,
    );
  }
  if (names.length === targets.length)
    throw new DocumentError(file, `has no inputs, only the column "${names.join('", "')}"`);
  return targets;
}

function namedTarget(name: string, names: readonly string[], file: string): number {
  const column = names.indexOf(name);
  if (column >= 0) return column;
  const guess = nearest(name, names);
  const mend =
    guess === undefined ? `its columns are ${alternatives(names, "and")}` : `did you mean ${shown(guess)}?`;
  throw new DocumentError("data.target", `is ${shown(name)}, which ${file} has no column of; ${mend}`);
}

/** Columns y1, y2, ... in the order of their numbers. */
function numberedTargets(names: string[], file: string, line: number): number[] {
  const numbers = names.flatMap((name) => /^y([1-9]\d*)$/.exec(name)?.slice(1).map(Number) ?? []);
  const missing = numbers.findIndex((_, k) => !numbers.includes(k + 1)) + 1;
  if (missing > 0)
    throw new DocumentError(
      file,
      `line ${line} names ${numbers.length} columns "${target}1", "${target}2", ..., but none is "${target}${missing}"`,
    );
  return numbers.map((_, k) => names.indexOf(`${target}${k + 1}`));
}

/** Rows of fields with the line that each starts on, blank lines left out. Takes time linear in the text. */
function* csvRows(text: string, file: string): Generator<{ line: number; fields: string[] }> {
  let at = 0;
  let line = 1;

  const quotedField = (): string => {
    const opened = line;
    let field = "";
    do {
      const close = text.indexOf('"', at + 1);
      if (close < 0) throw new DocumentError(file, `line ${opened} opens a quote that is never closed`);
      field += text.slice(at + 1, close) + '"';
      at = close + 1;
    } while (text[at] === '"');
    line += field.match(/\r\n?|\n/g)?.length ?? 0;
    if (!isFieldEnd(text[at])) {
      throw new DocumentError(
        file,
        `line ${line} has ${shown(text[at])} after a closing quote; expected a comma`,
      );
    }
    return field.slice(0, -1);
  };

  const plainField = (): string => {
    const start = at;
    while (!isFieldEnd(text[at])) at++;
    const field = text.slice(start, at).trim();
    if (field.includes('"')) {
      throw new DocumentError(
        file,
        `line ${line} has a quote inside the field ${shown(field)}; quote it all`,
      );
    }
    return field;
  };

  while (at < text.length) {
    const start = { line, at };
    const fields: string[] = [];
    do {
      if (fields.length > 0) at++;
      fields.push(text[at] === '"' ? quotedField() : plainField());
    } while (text[at] === ",");
    if (text.slice(start.at, at).trim() !== "") yield { line: start.line, fields };
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
  }
}

/** A comma, the first character of a line end, or none. */
const isFieldEnd = (character: string | undefined): boolean =>
  character === "," || character === "\n" || character === "\r" || character === undefined;
