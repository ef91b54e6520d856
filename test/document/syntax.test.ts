import fc from "fast-check";
import { expect, test } from "vitest";
import { DocumentError } from "../../src/document/error.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { parseJson } from "../../src/document/json-text.ts";

const mistakes: [title: string, text: string, message: string][] = [
  ["nothing", "", "line 1, column 1 is the end of the text; a value must follow"],
  ["an open object", '{\n  "data": {}', 'line 2, column 13 is the end of the text; "," or "}" must follow'],
  ["a comma too many", '{\n  "name": "x",\n}', 'line 3, column 1 has "}"; the comma before it must go'],
  [
    "a comma too many, after lines that end in CR",
    '{\r  "name": "x",\r\n}',
    'line 3, column 1 has "}"; the comma before it must go',
  ],
  ["a comma too few", '{"a": 1 "b": 2}', 'line 1, column 9 has "\\""; "," or "}" must stand there'],
  ["a missing colon", '{"a" 1}', 'line 1, column 6 has "1"; ":" must stand there'],
  ["the wrong bracket", '{"a": [1}', 'line 1, column 9 has "}"; "," or "]" must stand there'],
  ["a bare key", "{a: 1}", 'line 1, column 2 has "a"; a key in double quotes or "}" must stand there'],
  ["single quotes", "{'a': 1}", `line 1, column 2 has "'"; strings stand in double quotes`],
  ["a comment", '// mine\n{"a": 1}', 'line 1, column 1 has "/"; JSON has no comments'],
  [
    "a number that is none",
    '{"a": NaN}',
    'line 1, column 7 has "N"; JSON numbers are digits, as in -0.5 or 1e-3',
  ],
  ["a bare fraction", '{"a": .5}', 'line 1, column 7 has "."; JSON numbers are digits, as in -0.5 or 1e-3'],
  [
    "a line end within a string",
    '{"a": "b\nc"}',
    'line 1, column 7 has "\\""; this string does not end on its line, or has a wrong escape',
  ],
  ["more than one value", "{}\n{}", 'line 2, column 1 has "{"; the end of the document must stand there'],
  [
    "a key twice",
    '{"train":\n{"epochs": 1, "epochs": 2}}',
    'line 2, column 15 has the key "epochs" for the second time in one object',
  ],
  ["a million brackets", "[".repeat(1e6), "line 1, column 33 nests more than 32 levels deep"],
];

for (const [title, text, message] of mistakes) {
  test(`${title} is found at its line and column`, () =>
    expect(() => parseExperiment(text, "mine.json")).toThrow(
      expect.objectContaining({ name: "DocumentError", message: `mine.json: ${message}` }),
    ));
}

test("a string of millions of escapes is read, and one that does not end is refused", () => {
  const escapes = "\\n".repeat(5e6);
  expect(parseJson(`"${escapes}"`)).toHaveLength(5e6);
  expect(() => parseJson(`"${escapes}`)).toThrow(DocumentError);
});

test("a byte order mark is no mistake", () => expect(parseJson('\ufeff{"a": 1}')).toEqual({ a: 1 }));

test("what JSON.parse reads is read the same, but for keys that come twice", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.nat(4), (text, indent) => {
      const value: unknown = JSON.parse(text);
      expect(parseJson(JSON.stringify(value, null, indent))).toEqual(value);
    }),
  );
});

test("what JSON.parse refuses is refused with a line and column", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"b\\u00e9"',
    '"',
    "1",
    "-0.5e3",
    "01",
    "true",
    "nul",
    " ",
    "\n",
    "\\",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      try {
        parseJson(text);
        expect(valid).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DocumentError);
        expect((error as Error).message).toMatch(/^line \d+, column \d+ [^\n]+$/);
        if (valid) expect((error as Error).message).toContain("for the second time");
      }
    }),
    { numRuns: 5000 },
  );
});
