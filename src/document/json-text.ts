/** JSON text, with errors that say the line and column: what engines say differs, and often names neither. */

import { DocumentError } from "./error.ts";
import { deepest } from "./plain.ts";
import { shown } from "./shown.ts";

const markOrScalar = /[{}[\],:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const space = /[ \t\r\n]*/y;

type Kind = "{" | "}" | "[" | "]" | "," | ":" | "string" | "scalar";

/** What may come next, by its name in messages. */
const expectations = {
  "a value": ["{", "[", "string", "scalar"],
  'a value or "]"': ["{", "[", "string", "scalar", "]"],
  "a key in double quotes": ["string"],
  'a key in double quotes or "}"': ["string", "}"],
  '":"': [":"],
  '"," or "}"': [",", "}"],
  '"," or "]"': [",", "]"],
  "the end of the document": [],
} satisfies Record<string, Kind[]>;

type Expected = keyof typeof expectations;

/**
 * Reads JSON text; a key that an object has twice is an error here, because one of the two would be ignored.
 *
 * @throws DocumentError with the line and column
 */
export function parseJson(text: string): unknown {
  checkSyntax(text);
  return JSON.parse(text.replace(/^\ufeff/, ""));
}

/** One pass over the words, without recursion: a document of a million brackets must not overflow the stack. */
function checkSyntax(text: string): void {
  /** The keys of each open object, null for each open list. */
  const open: (Set<string> | null)[] = [];
  let expected: Expected = "a value";
  let at = text.startsWith("\ufeff") ? 1 : 0;

  const afterValue = (): Expected => {
    if (open.length === 0) return "the end of the document";
    return open.at(-1) ? '"," or "}"' : '"," or "]"';
  };

  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)![0].length;
    if (at === text.length && expected === "the end of the document") return;
    const word = wordAt(text, at);
    const kind = word && kindOf(word);
    const allowed: readonly Kind[] = expectations[expected];
    if (!word || !kind || !allowed.includes(kind)) throw unexpected(text, at, expected);

    if (kind === "{" || kind === "[") {
      if (open.length === deepest) throw misplaced(text, at, `nests more than ${deepest} levels deep`);
      open.push(kind === "{" ? new Set() : null);
      expected = kind === "{" ? 'a key in double quotes or "}"' : 'a value or "]"';
    } else if (kind === "}" || kind === "]") {
      open.pop();
      expected = afterValue();
    } else if (kind === ",") {
      expected = open.at(-1) ? "a key in double quotes" : "a value";
    } else if (kind === ":") {
      expected = "a value";
    } else if (expected.startsWith("a key")) {
      takeKey(open.at(-1)!, word, text, at);
      expected = '":"';
    } else expected = afterValue();
    at += word.length;
  }
}

function takeKey(keys: Set<string>, word: string, text: string, at: number): void {
  const key = JSON.parse(word) as string;
  if (keys.has(key)) {
    throw misplaced(text, at, `has the key ${shown(key)} for the second time in one object`);
  }
  keys.add(key);
}

function kindOf(word: string): Kind {
  if (word.startsWith('"')) return "string";
  return /^[{}[\],:]$/.test(word) ? (word as Kind) : "scalar";
}

function misplaced(text: string, at: number, problem: string): DocumentError {
  const before = text.slice(0, at).split(/\r\n?|\n/);
  return new DocumentError(`line ${before.length}, column ${before.at(-1)!.length + 1}`, problem);
}

function unexpected(text: string, at: number, expected: Expected): DocumentError {
  if (at === text.length) return misplaced(text, at, `is the end of the text; ${expected} must follow`);
  const found = String.fromCodePoint(text.codePointAt(at)!);
  const mend = habit(found, text, at) ?? `${expected} must stand there`;
  return misplaced(text, at, `has ${shown(found)}; ${mend}`);
}

/** The habits from other notations that end up here most often. */
function habit(found: string, text: string, at: number): string | undefined {
  if (found === "/" || found === "#") return "JSON has no comments";
  if (found === "'") return "strings stand in double quotes";
  if (found === '"' && stringAt(text, at) === undefined) {
    return "this string does not end on its line, or has a wrong escape";
  }
  if (/^[-+]?(NaN|Infinity|\.\d)|^\+/.test(text.slice(at, at + 10))) {
    return "JSON numbers are digits, as in -0.5 or 1e-3";
  }
  const closes = found === "}" || found === "]";
  const before = text.slice(Math.max(0, at - 1000), at);
  return closes && /,\s*$/.test(before) ? "the comma before it must go" : undefined;
}

/** The bracket, comma, colon, string, number or name that begins here. */
function wordAt(text: string, at: number): string | undefined {
  if (text[at] === '"') return stringAt(text, at);
  markOrScalar.lastIndex = at;
  return markOrScalar.exec(text)?.[0];
}

/** In a loop, because one regular expression for all of it overflows the stack at a million escapes. */
function stringAt(text: string, start: number): string | undefined {
  let at = start + 1;
  for (;;) {
    plainCharacters.lastIndex = at;
    at += plainCharacters.exec(text)![0].length;
    if (text[at] === '"') return text.slice(start, at + 1);
    escapeSequence.lastIndex = at;
    if (!escapeSequence.test(text)) return undefined;
    at = escapeSequence.lastIndex;
  }
}
