import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../src/data/csv.ts";
import { DocumentError } from "../../src/document/error.ts";
import { joined, utf8 } from "./bytes.ts";
import { problem } from "./problem.ts";

const read = (text: string) => readCsv(utf8(text), "a.csv");

const table = {
  inputs: ["x1", "x2"],
  samples: 2,
  outputs: 1,
  X: Float64Array.of(1, -2.5, 4, 5e-3),
  y: Float64Array.of(3, 6),
};

const spellings: Record<string, string> = {
  "plain lines": "x1,x2,y\n1,-2.5,3\n4,5e-3,6\n",
  "no line end after the last line": "x1,x2,y\n1,-2.5,3\n4,5e-3,6",
  "CRLF line ends": "x1,x2,y\r\n1,-2.5,3\r\n4,5e-3,6\r\n",
  "CRLF line ends and quotes": '"x1","x2","y"\r\n"1","-2.5","3"\r\n4,5e-3,"6"\r\n',
  "line ends of CR alone": "x1,x2,y\r1,-2.5,3\r4,5e-3,6\r",
  "line ends of CR alone, and quotes": '"x1","x2","y"\r"1","-2.5","3"\r4,5e-3,"6"',
  "line ends of every kind": '"x1","x2","y"\r1,-2.5,"3"\r\n\r4,5e-3,6\n',
  "lines that end in CR twice, then LF": "x1,x2,y\r\r\n1,-2.5,3\r\r\n4,5e-3,6\r\r\n",
  "a blank last line": "x1,x2,y\n1,-2.5,3\n4,5e-3,6\n\n",
  "blank lines in between": "\nx1,x2,y\n\r\n1,-2.5,3\n  \n4,5e-3,6",
  "the target first": "y,x1,x2\n3,1,-2.5\n6,4,5e-3\n",
  "the target in the middle": "x1,y,x2\n1,3,-2.5\n4,6,5e-3\n",
  "spaces around fields": "x1 , x2,\ty\n 1, -2.5 ,3\n4,5e-3 , 6 \n",
  "other spellings of the numbers": "x1,x2,y\n+1.,-.25E1,03\n4e+0,0.005,6.0\n",
  "a byte order mark": "\ufeffx1,x2,y\n1,-2.5,3\n4,5e-3,6\n",
};

for (const [what, text] of Object.entries(spellings)) {
  test(`a table is read with ${what}`, () => expect(read(text)).toEqual(table));
}

test("quoted names may hold commas, quotes and line ends", () => {
  expect(read('"a,b","say ""hi""","two\nlines","three\rof\r\nthem",y\n1,2,3,4,5\n').inputs).toEqual([
    "a,b",
    'say "hi"',
    "two\nlines",
    "three\rof\r\nthem",
  ]);
});

test("names of Object.prototype are names like any other", () => {
  const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
  const { inputs, X } = read(`${names.join(",")},y\n1,2,3,4,5\n`);
  expect(inputs).toEqual(names);
  expect([...X]).toEqual([1, 2, 3, 4]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("numbers are read to the nearest float64, as JavaScript reads them", () => {
  fc.assert(
    fc.property(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -1e30, max: 1e30, noNaN: true }),
      (x, y) => {
        const data = read(`x,y\n${x},${y}\n`);
        // -0 is written "0".
        expect(data.X[0]).toBe(x + 0);
        expect(data.y[0]).toBe(y + 0);
      },
    ),
  );
});

const refusals: [what: string, text: string, message: RegExp | string][] = [
  ["an empty file", "", "a.csv is empty; a CSV file starts with a row of column names"],
  ["a file of blank lines", "\n \r\n\n", /is empty/],
  ["a file of names alone", "x1,y\n", "a.csv holds no samples, only column names"],
  [
    "no target",
    "x1,x2\n1,2\n",
    'a.csv line 1 names no column "y", the target (or "y1", "y2", ...); its columns, separated by commas, are "x1,x2"',
  ],
  [
    "a gap among numbered targets",
    "x1,y1,y3\n1,2,3\n",
    'a.csv line 1 names 2 columns "y1", "y2", ..., but none is "y2"',
  ],
  ["no inputs beside numbered targets", "y2,y1\n1,2\n", 'a.csv has no inputs, only the column "y2", "y1"'],
  ["a target in capitals", "x1,Y\n1,2\n", /names no column "y"/],
  ["semicolons", "x1;x2;y\n1;2;3\n", /separated by commas, are "x1;x2;y"/],
  ["no inputs", "y\n1\n", 'a.csv has no inputs, only the column "y"'],
  ["two columns of one name", "x1,x1,y\n1,2,3\n", 'a.csv line 1 names two columns "x1"'],
  ["two targets", "x1,y,y\n1,2,3\n", /names two columns "y"/],
  [
    "a column without a name",
    ",x1,y\n0,1,2\n",
    "a.csv line 1, column 1 has no name (a row index? pandas leaves it out with index=False)",
  ],
  ["a short row", "x1,x2,y\n1,2,3\n1,2\n", "a.csv line 3 has 2 fields; the header has 3"],
  ["a long row", "x1,x2,y\n1,2,3,4\n", "a.csv line 2 has 4 fields; the header has 3"],
  [
    "a word",
    "x1,x2,y\n1,2,3\n1,two,3\n",
    'a.csv line 3, column "x2" is "two"; every value is a finite number',
  ],
  ["a missing value", "x1,x2,y\n1,,3\n", 'a.csv line 2, column "x2" is ""; every value is a finite number'],
  ["a quoted blank", 'x1,x2,y\n1,"  ",3\n', /column "x2" is " {2}"/],
  ["NaN", "x1,y\n1,NaN\n", 'a.csv line 2, column "y" is "NaN"; every value is a finite number'],
  ["Infinity", "x1,y\nInfinity,1\n", /column "x1" is "Infinity"; every value is a finite number/],
  ["-inf", "x1,y\n-inf,1\n", /is "-inf"/],
  ["a hexadecimal number", "x1,y\n0x10,1\n", /is "0x10"/],
  ["a decimal comma", 'x1,y\n"1,5",1\n', /is "1,5"/],
  ["a number of two points", "x1,y\n1.2.3,1\n", /is "1\.2\.3"/],
  ["a lone sign", "x1,y\n-,1\n", /is "-"/],
  ["a number beyond float64", "x1,y\n1e999,1\n", /is "1e999"; every value is a finite number/],
  [
    "a number beyond float32",
    "x1,y\n1e300,1\n",
    'a.csv line 2, column "x1" is "1e300"; training runs in float32, where it becomes Infinity: at most 3.4028235e38 in size',
  ],
  [
    "the first number that rounds to Infinity in float32",
    "x1,y\n3.4028235677973366e38,1\n",
    /becomes Infinity/,
  ],
  ["a quote that stays open", 'x1,y\n1,"2\n3,4\n', "a.csv line 2 opens a quote that is never closed"],
  [
    "text after a closing quote",
    'x1,y\n"1"2,3\n',
    'a.csv line 2 has "2" after a closing quote; expected a comma',
  ],
  [
    "a quote inside a field",
    'x1,y\n1"2,3\n',
    'a.csv line 2 has a quote inside the field "1\\"2"; quote it all',
  ],
  [
    "an error after a field of two lines",
    '"a\nb",y\n1,2\n1,z\n',
    'a.csv line 4, column "y" is "z"; every value is a finite number',
  ],
  [
    "an error after line ends of every kind, in fields too",
    '"a\rb\r\nc\nd",y\r1,2\r\n1,2\n\r1,z\n',
    'a.csv line 8, column "y" is "z"; every value is a finite number',
  ],
  ["a CR inside a row", "x1,y\n1\r,2\n", "a.csv line 2 has 1 fields; the header has 2"],
  ["a terminal's escape sequence, shown escaped", "x1,y\n\u001b[2J\u009b,1\n", /is "\\u001b\[2J\\u009b"/],
  ["a value of a thousand letters, shown shortened", `x1,y\n${"z".repeat(1000)},1\n`, /is "z{60}…"/],
];

for (const [what, text, message] of refusals) {
  test(`the CSV reader refuses ${what}`, () => {
    const refusal = problem(() => read(text));
    if (typeof message === "string") expect(refusal).toBe(message);
    else expect(refusal).toMatch(message);
    expect(refusal).toMatch(/^a\.csv [^\n]{1,250}$/);
  });
}

test("the largest float32 is allowed", () => {
  expect(read("x1,y\n3.4028235e38,-3.4028235e38\n").samples).toBe(1);
});

test("the CSV reader refuses what is not UTF-8", () => {
  expect(problem(() => readCsv(Uint8Array.of(0x93, 0x4e, 0x55), "a.csv"))).toBe(
    "a.csv is not UTF-8 text; train and test are CSV files",
  );
});

test("the CSV reader refuses a file too long for a string before it decodes it", () => {
  expect(problem(() => readCsv(new Uint8Array(2 ** 27 + 1), "a.csv"))).toMatch(/has 134217729 bytes.*\.npy/);
});

/** Reads, or refuses with a DocumentError; and what is read is finite and no larger than the file. */
function survives(bytes: Uint8Array): void {
  try {
    const { inputs, samples, X, y } = readCsv(bytes, "a.csv");
    expect([X.length, y.length]).toEqual([samples * inputs.length, samples]);
    expect(X.length + y.length).toBeLessThanOrEqual(bytes.length);
    expect([...X, ...y].every((value) => Number.isFinite(Math.fround(value)))).toBe(true);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
  }
}

describe("whatever the bytes, the CSV reader gives a finite table or a DocumentError:", () => {
  const runs = { numRuns: 3000 };

  test("arbitrary bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), runs);
  });

  test("arbitrary fragments of CSV after a good header", () => {
    const fragment = fc.constantFrom(",", "\n", "\r\n", "\r", '"', '""', " ", "1", "-2.5e3", "1e39", "x", "");
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) =>
        survives(utf8("x,y\n" + fragments.join(""))),
      ),
      runs,
    );
  });

  test("valid files with bytes changed, cut out or put in", () => {
    const whole = utf8(spellings["CRLF line ends and quotes"]);
    const edit = fc.record({
      at: fc.nat(whole.length - 1),
      removed: fc.nat(2),
      inserted: fc.uint8Array({ maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) =>
        survives(
          edits.reduce(
            (bytes, { at, removed, inserted }) =>
              joined(bytes.subarray(0, at), inserted, bytes.subarray(at + removed)),
            whole,
          ),
        ),
      ),
      runs,
    );
  });

  test("any names and numbers, quoted, come back as they were", () => {
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    // Text that UTF-8 can carry; a leading byte order mark would be taken for the file's own.
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }).filter((text) => text !== "y");
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (names) => {
        const header = [...names, "y"].map(quoted).join(",");
        const row = [...names, "y"].map((_, k) => k).join(",");
        const data = read(`${header}\r\n${row}\r\n`);
        expect(data.inputs).toEqual(names);
        expect([...data.X]).toEqual(names.map((_, k) => k));
      }),
      { numRuns: 500 },
    );
  });
});

test("long fields, rows and quotes are read or refused in linear time", () => {
  const started = performance.now();
  const long = 300_000;
  expect(problem(() => read(`x,y\n${"1".repeat(long)}x,2\n`))).toMatch(/line 2/);
  expect(problem(() => read(`x,y\n"${'""'.repeat(long)}`))).toMatch(/never closed/);
  expect(problem(() => read(`x,y\n${",".repeat(long)}\n`))).toMatch(/300001 fields/);
  expect(read(`x,y\n${"1,2\n".repeat(long)}`).samples).toBe(long);
  // Quadratic time would be minutes.
  expect(performance.now() - started).toBeLessThan(5000);
});
