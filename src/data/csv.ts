/**
 * CSV files of a regression problem (RFC 4180, UTF-8): a header row, then a row a sample. The column `y` is the target, or
 * where there is none `y1`, `y2`, ... are; all others are inputs in their order. Lines end in LF, CRLF or CR. Blank lines are skipped; spaces around fields without
 * quotes are dropped.
 */

import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import { utf8Text } from "../document/utf8-text.ts";
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

/** Longest file: JavaScript strings and plain arrays end not far above what it can hold. */
const maxBytes = 2 ** 27;

const target = "y";

/**
 * Reads a labelled table.
 *
 * @param file name of the file, for messages
 * @throws DocumentError naming the line, the column and the value
 */
export function readCsv(bytes: Uint8Array, file: string): LabelledTable {
  const rows = csvRows(decode(bytes, file), file);
  const first = rows.next();
  if (first.done) throw new DocumentError(file, `is empty; a CSV file starts with a row of column names`);
  const names = first.value.fields;
  const targets = targetColumns(names, file, first.value.line);
  const isTarget = names.map((_, column) => targets.includes(column));

  const X: number[] = [];
  const y: number[] = [];
  let samples = 0;
  for (const { line, fields } of rows) {
    if (fields.length !== names.length) {
      throw new DocumentError(
        file,
        `line ${line} has ${fields.length} fields; the header has ${names.length}`,
      );
    }
    const values = fields.map((field, column) => {
      const value = parseNumber(field);
      const problem = precisionProblem(value);
      if (problem) {
        throw new DocumentError(
          file,
          `line ${line}, column ${shown(names[column])} is ${shown(field)}; ${problem}`,
        );
      }
      return value;
    });
    values.forEach((value, column) => {
      if (!isTarget[column]) X.push(value);
    });
    for (const column of targets) y.push(values[column]);
    samples += 1;
  }
  if (samples === 0) throw new DocumentError(file, "holds no samples, only column names");
  return {
    inputs: names.filter((_, column) => !isTarget[column]),
    samples,
    outputs: targets.length,
    X: Float64Array.from(X),
    y: Float64Array.from(y),
  };
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > maxBytes) {
    throw new DocumentError(
      file,
      `has ${bytes.length} bytes; a CSV file has at most ${maxBytes} (use .npy files)`,
    );
  }
  const text = utf8Text(bytes);
  if (text === undefined) throw new DocumentError(file, "is not UTF-8 text; train and test are CSV files");
  return text;
}

/** A decimal number; NaN for anything else, such as the blanks and 0x10 that Number would take. */
const parseNumber = (field: string): number => (/^[0-9eE+.-]+$/.test(field) ? Number(field) : NaN);

/** Checks the header row and returns the targets' columns in order. */
function targetColumns(names: string[], file: string, line: number): number[] {
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
  const targets = seen.has(target) ? [names.indexOf(target)] : numberedTargets(names, file, line);
  if (targets.length === 0) {
    throw new DocumentError(
      file,
      `line ${line} names no column "${target}", the target (or "${target}1", "${target}2", ...); its columns, separated by commas, are ${shown(names.join(","))}`,
    );
  }
  if (names.length === targets.length)
    throw new DocumentError(file, `has no inputs, only the column "${names.join('", "')}"`);
  return targets;
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
