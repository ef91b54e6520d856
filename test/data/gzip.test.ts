import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inflateFiles, mostInflatedBytes } from "../../src/data/gzip.ts";
import { loadDataset } from "../../src/data/registry.ts";
import { DocumentError } from "../../src/document/error.ts";
import type { DataSpecification } from "../../src/document/types.ts";
import { idxFile, npyFile, utf8 } from "./bytes.ts";

const gzip = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));

const inflateOne = async (bytes: Uint8Array, most?: number): Promise<Uint8Array> =>
  (await inflateFiles(new Map([["a.gz", bytes]]), most)).get("a.gz")!;

/** The one-line message of the DocumentError that inflating throws. */
const refusal = async (bytes: Uint8Array, most?: number): Promise<string> => {
  const error: unknown = await inflateOne(bytes, most).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(DocumentError);
  return (error as DocumentError).message;
};

test("gzipped files are inflated, whatever their names, and others are passed on", async () => {
  const plain = utf8("a,y\n1,2\n");
  const long = new Uint8Array(300_000).map((_, k) => (k * k) % 251);
  const inflated = await inflateFiles(
    new Map([
      ["plain.csv", plain],
      ["named.csv.gz", gzip(plain)],
      ["unnamed", gzip(long)],
      ["not.gz", long],
      ["empty", new Uint8Array()],
      ["hollow.gz", gzip(new Uint8Array())],
    ]),
  );
  expect([...inflated.keys()]).toEqual([
    "plain.csv",
    "named.csv.gz",
    "unnamed",
    "not.gz",
    "empty",
    "hollow.gz",
  ]);
  expect(inflated.get("plain.csv")).toBe(plain);
  expect(inflated.get("named.csv.gz")).toEqual(plain);
  // Several chunks. Not toEqual: it takes minutes to print how two such arrays differ.
  expect(Buffer.compare(inflated.get("unnamed")!, long)).toBe(0);
  expect(inflated.get("not.gz")).toBe(long);
  expect(inflated.get("hollow.gz")).toEqual(new Uint8Array());
});

test("a dataset of gzipped files is that of the files, of every kind", async () => {
  const sets: [DataSpecification, Record<string, Uint8Array>][] = [
    [
      { kind: "idx", images: "images.gz", labels: "labels.gz", classes: [0, 1], seed: 1 },
      { "images.gz": idxFile([2, 1, 3], [1, 2, 3, 4, 5, 6]), "labels.gz": idxFile([2], [0, 1]) },
    ],
    [{ kind: "file", train: "train.csv.gz" }, { "train.csv.gz": utf8("a,y\n1,2\n") }],
    [
      { kind: "file", inputs: "X.npy.gz", targets: "y.npy.gz" },
      { "X.npy.gz": npyFile([2, 1], [1, 2]), "y.npy.gz": npyFile([2], [3, 4]) },
    ],
  ];
  for (const [specification, entries] of sets) {
    const plain = new Map(Object.entries(entries));
    const gzipped = new Map(Array.from(plain, ([name, bytes]) => [name, gzip(bytes)]));
    expect(loadDataset(specification, await inflateFiles(gzipped))).toEqual(
      loadDataset(specification, plain),
    );
  }
});

test("a file that inflates beyond the limit is refused, one that meets it is not", async () => {
  const bytes = gzip(new Uint8Array(1_000_000));
  expect(bytes.length).toBeLessThan(2000);
  expect(await inflateOne(bytes, 1_000_000)).toHaveLength(1_000_000);
  expect(await refusal(bytes, 999_999)).toBe(
    "a.gz inflates to more than 999999 bytes, the most that are read",
  );
  expect(mostInflatedBytes).toBe(2 ** 30);
});

test("damaged files are refused with one line", async () => {
  const whole = gzip(utf8("a,b,y\n1,2,3\n"));
  const damaged = whole.slice();
  damaged[damaged.length - 6] ^= 1;
  for (const bytes of [whole.subarray(0, -4), whole.subarray(0, 2), damaged]) {
    expect(await refusal(bytes)).toMatch(/^a\.gz is gzipped, and damaged or cut short \([^\n]+\)$/);
  }
});

test("any change to a gzipped file is inflated or refused", async () => {
  const whole = gzip(utf8("a,b,y\n1,2,3\n4,5,6\n".repeat(20)));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(3), async (at, byte, lost) => {
      const bytes = whole.slice(0, whole.length - lost);
      if (at < bytes.length) bytes[at] = byte;
      await inflateOne(bytes).catch((error: unknown) => {
        expect(error).toBeInstanceOf(DocumentError);
      });
    }),
    { numRuns: 300 },
  );
});
