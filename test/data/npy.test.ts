import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { npyHeader, readNpy } from "../../src/data/npy.ts";
import { DocumentError } from "../../src/document/error.ts";
import { joined, latin1, npyFile, npyWithHeader } from "./bytes.ts";
import { problem } from "./problem.ts";

const refusal = (bytes: Uint8Array): string => problem(() => readNpy(bytes, "a.npy"));

const shapes = [[], [1], [3], [63], [64], [65], [257], [3, 5], [1, 257], [257, 1], [3, 1, 5, 2], [0], [0, 7]];

for (const type of ["f4", "f8"] as const) {
  for (const shape of shapes) {
    test(`a ${type} array of shape [${shape}] is read as it was written`, () => {
      const count = shape.reduce((product, length) => product * length, 1);
      const numbers = Array.from({ length: count }, (_, k) => (k % 5 === 4 ? NaN : Math.fround(k / 7 - 3)));
      const array = readNpy(npyFile(shape, numbers, type), "a.npy");
      expect(array.shape).toEqual(shape);
      expect(array.values).toEqual(type === "f4" ? Float32Array.from(numbers) : Float64Array.from(numbers));
    });
  }
}

test("an array is read from the middle of a buffer, wherever it lies", () => {
  const bytes = joined(Uint8Array.of(1, 2, 3), npyFile([3], [1, 2, 3]), Uint8Array.of(4)).subarray(3, -1);
  expect([...readNpy(bytes, "a.npy").values]).toEqual([1, 2, 3]);
});

test("what is read does not share memory with the file", () => {
  const bytes = npyFile([2], [1, 2]);
  const { values } = readNpy(bytes, "a.npy");
  bytes.fill(0);
  expect([...values]).toEqual([1, 2]);
});

describe("headers", () => {
  for (const name of ["inputs", "targets", "beta"]) {
    test(`that of seed500-${name}.npy is written as NumPy did`, () => {
      const bytes = new Uint8Array(readFileSync(`experiments/data/seed500-${name}.npy`));
      const { shape } = readNpy(bytes, name);
      expect(npyHeader(shape, "f8")).toEqual(bytes.subarray(0, 128));
    });
  }

  // numpy 2.4.6, numpy.lib.format.write_array_header_1_0: the room for a growing first axis tips the last into 192.
  for (const [axes, length] of [
    [0, 128],
    [1, 128],
    [14, 128],
    [15, 192],
  ]) {
    test(`that of ${axes} axes takes ${length} bytes, as NumPy's`, () => {
      const header = npyHeader(new Array<number>(axes).fill(1), "f8");
      expect(header).toHaveLength(length);
      expect(header.at(-1)).toBe("\n".charCodeAt(0));
    });
  }

  test("keep their length while the first axis grows", () => {
    const lengths = [0, 9, 10, 123456789, Number.MAX_SAFE_INTEGER].map((n) => npyHeader([n, 3], "f4").length);
    expect(new Set(lengths).size).toBe(1);
  });

  for (const version of [1, 2, 3] as const) {
    test(`of version ${version}.0 are read`, () => {
      const bytes = npyWithHeader(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n",
        48,
        version,
      );
      expect(readNpy(bytes, "a.npy").shape).toEqual([2, 3]);
    });
  }

  for (const dict of [
    `{"shape":(2,3),"fortran_order":False,"descr":"<f8"}`,
    "{'shape': (2L, 3L), 'fortran_order': False, 'descr': '<f8'}   \n",
    " { 'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 2 , 3 , ) , } ",
  ]) {
    test(`may be spelled ${dict.trim()}`, () => {
      expect(readNpy(npyWithHeader(dict, 48), "a.npy").shape).toEqual([2, 3]);
    });
  }
});

const dict = (fields: { descr?: string; fortran?: string; shape?: string }): string =>
  `{'descr': ${fields.descr ?? "'<f8'"}, 'fortran_order': ${fields.fortran ?? "False"}, 'shape': ${fields.shape ?? "(2, 3)"}, }`;

const whole = npyFile([2, 3], [1, 2, 3, 4, 5, 6]);

const refusals: [what: string, bytes: Uint8Array, message: RegExp | string][] = [
  [
    "an empty file",
    new Uint8Array(),
    "a.npy is not an .npy file: it starts with nothing, not 93 4e 55 4d 50 59",
  ],
  ["a CSV file", latin1("x1,x2,y\n"), /is not an \.npy file but text; in Python: numpy\.save\("a\.npy", /],
  ["an .npz archive", latin1("PK\x03\x04...."), /a zip archive: an \.npz\?/],
  ["a bare magic string", whole.slice(0, 6), /cut short: it ends after 6 bytes/],
  ["a file that ends in the header's length", whole.slice(0, 9), /cut short: it ends after 9 bytes/],
  ["a file that ends in the header", whole.slice(0, 100), /header takes 128 bytes, and the file has 100/],
  [
    "version 4",
    npyFile([1], [1]).map((b, k) => (k === 6 ? 4 : b)),
    /version 4\.0; allowed are 1\.0, 2\.0 and 3\.0/,
  ],
  ["version 0", npyFile([1], [1]).map((b, k) => (k === 6 ? 0 : b)), /version 0\.0/],
  ["version 1.1", npyFile([1], [1]).map((b, k) => (k === 7 ? 1 : b)), /version 1\.1/],
  [
    "a header of 4 GiB",
    joined(latin1("\x93NUMPY\x02\x00\xff\xff\xff\xff"), new Uint8Array(99)),
    /header of 4294967295 bytes/,
  ],
  [
    "whole numbers",
    npyWithHeader(dict({ descr: "'<i8'" }), 48),
    'a.npy has dtype "<i8"; allowed are "<f4" and "<f8" (save array.astype("<f8"))',
  ],
  ["big-endian numbers", npyWithHeader(dict({ descr: "'>f8'" }), 48), /dtype ">f8"/],
  ["pickled objects", npyWithHeader(dict({ descr: "'|O'" }), 48), /dtype "\|O"/],
  ["half precision", npyWithHeader(dict({ descr: "'<f2'" }), 12), /dtype "<f2"/],
  [
    "a dtype of a thousand letters",
    npyWithHeader(dict({ descr: `'${"f".repeat(1000)}'` })),
    /dtype "f{60}…"/,
  ],
  ["a structured array", npyWithHeader(dict({ descr: "[('a', '<f8')]" }), 48), /structured array/],
  ["Fortran order", npyWithHeader(dict({ fortran: "True" }), 48), /Fortran order.*ascontiguousarray/],
  [
    "a byte too few",
    whole.slice(0, -1),
    'a.npy is cut short: shape "(2, 3)" of "<f8" takes 48 bytes, and 47 follow the header',
  ],
  ["a byte too many", joined(whole, Uint8Array.of(0)), /is too long: .* takes 48 bytes, and 49 follow/],
  [
    "an absurd shape",
    npyWithHeader(dict({ shape: "(1000000, 1000000, 1000000)" }), 48),
    /cut short: .* takes 8000000000000000000 bytes/,
  ],
  [
    "an axis beyond 2^53",
    npyWithHeader(dict({ shape: "(0, 9007199254740993)" })),
    /axis of length "9007199254740993"/,
  ],
  [
    "a product that is no number",
    npyWithHeader(dict({ shape: `(${"9007199254740991, ".repeat(30)}0)` }), 48),
    /takes NaN bytes/,
  ],
  ["a negative axis", npyWithHeader(dict({ shape: "(-2, 3)" }), 48), /malformed \.npy header: "-2, 3/],
  ["a fractional axis", npyWithHeader(dict({ shape: "(2.5, 3)" }), 48), /malformed/],
  [
    "a shape of strings",
    npyWithHeader(dict({ shape: "('2', 3)" }), 48),
    /something other than whole numbers/,
  ],
  ["a shape without commas", npyWithHeader(dict({ shape: "(2 3)" }), 48), /a shape without commas/],
  ["a shape that is a number", npyWithHeader(dict({ shape: "6" }), 48), /no value of "shape"/],
  ["a shape that is a string", npyWithHeader(dict({ shape: "'6'" }), 48), /no tuple 'shape'/],
  ["a dtype that is a truth value", npyWithHeader(dict({ descr: "True" }), 48), /no string 'descr'/],
  [
    "an order that is a string",
    npyWithHeader(dict({ fortran: "'no'" }), 48),
    /no True or False as 'fortran_order'/,
  ],
  ["a header that is a list", npyWithHeader("(1, 2)"), /not a dict/],
  ["an empty header", npyWithHeader(""), /malformed \.npy header: ""/],
  ["an empty dict", npyWithHeader("{}"), /no string 'descr'/],
  ["a header that breaks off", npyWithHeader(dict({}).slice(0, 40)), /malformed/],
  ["a key twice", npyWithHeader("{'descr': '<f8', 'descr': '<f4'}"), /"descr" twice/],
  ["a key too many", npyWithHeader("{'__proto__': 'x', " + dict({}).slice(1), 48), /more keys than three/],
  ["a key that is a number", npyWithHeader("{3: 4}"), /a key that is not a string/],
  ["a missing colon", npyWithHeader("{'descr', '<f8'}"), /no colon after "descr"/],
  ["a missing comma", npyWithHeader("{'descr': '<f8' 'shape': ()}"), /no comma after the value of "descr"/],
  ["something after the dict", npyWithHeader(dict({}) + "; import os", 48), /"; import os" after the dict/],
];

for (const [what, bytes, message] of refusals) {
  test(`the .npy reader refuses ${what}`, () => {
    if (typeof message === "string") expect(refusal(bytes)).toBe(message);
    else expect(refusal(bytes)).toMatch(message);
    expect(refusal(bytes)).toMatch(/^a\.npy [^\n]{1,250}$/);
  });
}

/** Reads, or refuses with a DocumentError; and allocates no more than the file holds. */
function survives(bytes: Uint8Array): void {
  try {
    expect(readNpy(bytes, "a.npy").values.byteLength).toBeLessThanOrEqual(bytes.length);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
  }
}

describe("whatever the bytes, the .npy reader gives an array or a DocumentError:", () => {
  const runs = { numRuns: 3000 };

  test("arbitrary bytes, with and without the magic string", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, genuine) =>
        survives(genuine ? joined(latin1("\x93NUMPY\x01\x00"), bytes) : bytes),
      ),
      runs,
    );
  });

  test("headers of arbitrary fragments", () => {
    const fragment = fc.oneof(
      fc.constantFrom("{", "}", "(", ")", "[", ",", ":", " ", "'descr'", "'shape'", "'fortran_order'"),
      fc.constantFrom("'<f8'", "'<f4'", "False", "True", "L", "'", '"', "\n", "\\", "(2,)", "()"),
      fc.nat().map(String),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), fc.nat(64), (fragments, payload) =>
        survives(npyWithHeader(fragments.join(""), payload)),
      ),
      runs,
    );
  });

  test("valid files with bytes changed, cut out or put in", () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat(whole.length - 1),
        removed: fc.nat(3),
        inserted: fc.uint8Array({ maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(edits, (list) =>
        survives(
          list.reduce(
            (bytes, { at, removed, inserted }) =>
              joined(bytes.subarray(0, at), inserted, bytes.subarray(at + removed)),
            whole,
          ),
        ),
      ),
      runs,
    );
  });
});

test("a header of blanks or quotes is refused in linear time", () => {
  const started = performance.now();
  for (const character of [" ", "'", "(", "1"]) refusal(npyWithHeader("{" + character.repeat(65000)));
  // Quadratic time would be minutes.
  expect(performance.now() - started).toBeLessThan(2000);
});
