import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inflateFiles, mostInflatedBytes } from "../../src/data/gzip.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { DocumentError } from "../../src/document/error.ts";
import type { DataSpecification } from "../../src/document/types.ts";
import { fuzzing } from "../harness/fuzz.ts";
import { idxFile, joined, npyFile, utf8 } from "./bytes.ts";

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

const members = (...texts: string[]): Uint8Array => joined(...texts.map((text) => gzip(utf8(text))));

test("all members of a file are read as one, and zeros may follow the last", async () => {
  const text = "a,b,y\n1,2,3\n4,5,6\n";
  for (const file of [
    members("a,b,y\n1,2", ",3\n4,5,6\n"),
    members("", "a,b,y\n", "", "1,2,3\n4,5,6\n", ""),
    members(...text),
    joined(members(text), new Uint8Array(1)),
    joined(members("a,b,y\n", "1,2,3\n4,5,6\n"), new Uint8Array(1000)),
  ])
    expect(await inflateOne(file)).toEqual(utf8(text));
  // A member knows nothing of the one before: copies do not reach back, and neither do checksums.
  const long = utf8(text.repeat(5000));
  expect(Buffer.compare(await inflateOne(joined(gzip(long), gzip(long))), joined(long, long))).toBe(0);
});

test("the limit is of all members together", async () => {
  const file = joined(gzip(new Uint8Array(600)), gzip(new Uint8Array(400)));
  expect(await inflateOne(file, 1000)).toHaveLength(1000);
  expect(await refusal(file, 999)).toBe("a.gz inflates to more than 999 bytes, the most that are read");
});

/** A member whose header has these flags and this after it. */
const withHeader = (flag: number, more: Uint8Array): Uint8Array => {
  const whole = gzip(utf8("a,y\n1,2\n"));
  return joined(whole.subarray(0, 3), Uint8Array.of(flag), whole.subarray(4, 10), more, whole.subarray(10));
};

test("headers may hold a file's name, a comment, a checksum and more", async () => {
  const text = utf8("a,y\n1,2\n");
  expect(await inflateOne(withHeader(8, utf8("a name\0")))).toEqual(text);
  expect(await inflateOne(withHeader(16 + 8, utf8("a name\0a comment\0")))).toEqual(text);
  // bgzip's, which says how long the member is.
  expect(await inflateOne(withHeader(4, Uint8Array.of(6, 0, 0x42, 0x43, 2, 0, 40, 0)))).toEqual(text);
  const checked = withHeader(4 + 2, Uint8Array.of(1, 0, 7, 0, 0));
  checked.set(
    [checksumOf(checked.subarray(0, 13)) & 0xff, (checksumOf(checked.subarray(0, 13)) >> 8) & 0xff],
    13,
  );
  expect(await inflateOne(checked)).toEqual(text);
  checked[13] ^= 1;
  expect(await refusal(checked)).toMatch(
    /^a\.gz is gzipped, and damaged: header crc mismatch before byte \d+$/,
  );
});

/** CRC-32, from the end of a member of these bytes. */
const checksumOf = (bytes: Uint8Array): number => Buffer.from(gzip(bytes).slice(-8)).readUInt32LE(0);

const first = gzip(utf8("a,b,y\n"));
const last = gzip(utf8("1,2,3\n"));
const changed = (file: Uint8Array, at: number, mask = 1): Uint8Array =>
  file.with(at < 0 ? file.length + at : at, file.at(at)! ^ mask);

const refusals: [what: string, file: Uint8Array, message: RegExp][] = [
  ["two bytes of a header", first.subarray(0, 2), /^cut short, or followed by something else$/],
  ["half the data", first.subarray(0, 14), /^cut short, or followed by something else$/],
  ["half the length", first.subarray(0, -2), /^cut short, or followed by something else$/],
  [
    "one byte of a second header",
    joined(first, last.subarray(0, 1)),
    /^cut short, or followed by something else$/,
  ],
  ["half a second member", joined(first, last.subarray(0, -9)), /^cut short, or followed by something else$/],
  ["another checksum", changed(first, -5, 0xff), /^damaged: incorrect data check before byte \d+$/],
  ["another length", joined(first, changed(last, -4)), /^damaged: incorrect length check before byte \d+$/],
  ["another method", joined(first, changed(last, 2, 15)), /^damaged: unknown compression method before/],
  ["unknown flags", changed(first, 3, 0x80), /^damaged: unknown header flags set before/],
  ["a block of no kind", changed(first, 10, 6 ^ (first[10] & 6)), /^damaged: invalid block type before/],
  ["text after it", joined(first, utf8("more")), /^damaged: incorrect header check before byte/],
  [
    "another member after zeros",
    joined(first, new Uint8Array(3), last),
    new RegExp(
      `^its data end at byte ${first.length} of ${first.length + 3 + last.length}; only zeros may follow$`,
    ),
  ],
];

test.for(refusals)("a file of members is refused with one line: %s", async ([, file, message]) => {
  const [before, told] = (await refusal(file)).split("a.gz is gzipped, and ");
  expect(before).toBe("");
  expect(told).toMatch(message);
});

test("any change to a gzipped file is inflated or refused, as zlib does", async () => {
  const whole = gzip(utf8("a,b,y\n1,2,3\n4,5,6\n".repeat(20)));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: whole.length - 1 }),
      fc.nat(255),
      fc.nat(3),
      async (at, byte, lost) => {
        const bytes = whole.slice(0, whole.length - lost);
        if (at < bytes.length) bytes[at] = byte;
        const found = await inflateOne(bytes).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DocumentError);
        });
        expect(found && [...found]).toEqual(attempt(() => [...gunzipSync(bytes)]));
      },
    ),
    fuzzing(0.05),
  );
});

function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
