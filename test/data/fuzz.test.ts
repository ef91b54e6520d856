/** Data files are untrusted: whatever their bytes, they are read or refused with one line. */

import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readCsv } from "../../src/data/csv.ts";
import { inflateFiles } from "../../src/data/gzip.ts";
import { readIdx } from "../../src/data/idx-file.ts";
import { readNpy } from "../../src/data/npy.ts";
import { DocumentError } from "../../src/document/error.ts";
import { edited, edits, fuzzing } from "../harness/fuzz.ts";
import { idxFile, npyFile, utf8 } from "./bytes.ts";

/** @throws anything but a refusal in one line */
function expectRefusal(error: unknown): void {
  if (!(error instanceof DocumentError)) throw error;
  expect(error.message).toMatch(/^file[^\n\r\u2028\u2029\u0000-\u001f]*$/);
  expect(error.message.length).toBeLessThan(1000);
}

const product = (shape: readonly number[]) => shape.reduce((all, length) => all * length, 1);

/** Each reader, files that it reads, and how many numbers it makes of them. */
const readers: [string, Uint8Array[], (bytes: Uint8Array) => number][] = [
  [
    "CSV",
    [
      utf8('a,"b ""c""",y\r\n1,2,3\n-4.5e-3,"5",6\n\n7,8,9'),
      utf8("\ufeffy,__proto__,constructor\n1,2,3\n"),
      utf8("a,y\n" + "1,2\n".repeat(30)),
    ],
    (bytes) => {
      const { X, y, samples, inputs } = readCsv(bytes, "file");
      expect([X.length, y.length]).toEqual([samples * inputs.length, samples]);
      expect([...X, ...y].every(Number.isFinite)).toBe(true);
      return X.length;
    },
  ],
  [
    ".npy",
    [npyFile([2, 3], [1, 2, 3, 4, 5, 6]), npyFile([4], [1, 2, 3, 4], "f4"), npyFile([0, 2], [])],
    (bytes) => {
      const { shape, values } = readNpy(bytes, "file");
      expect(values.length).toBe(product(shape));
      return values.length;
    },
  ],
  [
    "IDX",
    [idxFile([2, 3, 4], Array(24).fill(7)), idxFile([1, 1, 1], [255])],
    (bytes) => {
      const { shape, elements } = readIdx(bytes, ["images", "rows", "columns"], "file");
      expect(elements.length).toBe(product(shape));
      return elements.length;
    },
  ],
];

for (const [name, files, read] of readers)
  test(`${name}: bytes that were changed are read or refused with one line`, () => {
    let hasRead = 0;
    fc.assert(
      fc.property(fc.constantFrom(...files), edits, (file, changes) => {
        const bytes = edited(file, changes);
        try {
          // Nothing larger than the file can have been made of it.
          expect(read(bytes)).toBeLessThanOrEqual(bytes.length);
          hasRead += 1;
        } catch (error) {
          expectRefusal(error);
        }
      }),
      fuzzing(),
    );
    expect(hasRead).toBeGreaterThan(0);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

test("gzip: bytes that were changed inflate or are refused with one line, and never to more than allowed", async () => {
  const most = 500;
  const files = [gzipSync("y,a\n1,2\n"), gzipSync(Buffer.alloc(400)), gzipSync(Buffer.alloc(100_000))];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), edits, async (file, changes) => {
      try {
        const inflated = await inflateFiles(new Map([["file", edited(file, changes)]]), most);
        expect(inflated.get("file")!.length).toBeLessThanOrEqual(Math.max(most, file.length + 200));
      } catch (error) {
        expectRefusal(error);
      }
    }),
    fuzzing(),
  );
});
