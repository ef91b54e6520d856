import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isMissing, markMissing } from "../../src/document/missing.ts";
import { Spool } from "../../src/results/spool.ts";
import { blockOf, temporaryFolder } from "./experiment.ts";

/** All rows of a spool as [run, record, first quantity]. */
const rowsOf = (spool: Spool, atOnce?: number): number[][] =>
  Array.from(spool.inOrder(atOnce)).flatMap(({ rows, width, values }) =>
    Array.from({ length: rows }, (_, row) => [
      values[row * width],
      values[row * width + 1],
      values[row * width + 4],
    ]),
  );

test("records in any order come out run by run, records increasing, in pieces of any size", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(5), fc.nat(9), fc.boolean()), { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (appended, atOnce) => {
        const path = join(temporaryFolder(), "records.spool");
        const spool = Spool.create(path, ["loss"]);
        const expected = new Map<number, number[]>();
        appended.forEach(([run, record, flush], value) => {
          spool.append(blockOf([run], record, { loss: () => value }));
          if (flush) spool.flush();
          expected.set(run * 1000 + record, [run, record, value]);
        });
        const rows = rowsOf(spool, atOnce);
        spool.close();
        expect(rows).toEqual(
          Array.from(expected.keys())
            .sort((a, b) => a - b)
            .map((key) => expected.get(key)),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("a run longer than a piece is cut into pieces of the size asked for", () => {
  const spool = Spool.create(join(temporaryFolder(), "records.spool"), ["loss"]);
  for (let record = 0; record < 100; record += 1)
    spool.append(blockOf([0, 1], record, { loss: () => record }));
  const pieces = Array.from(spool.inOrder(30), ({ rows }) => rows);
  spool.close();
  expect(Math.max(...pieces)).toBeLessThanOrEqual(30);
  expect(pieces.reduce((sum, rows) => sum + rows, 0)).toBe(200);
});

test("a missing quantity is told apart from NaN, on disk too", () => {
  const path = join(temporaryFolder(), "records.spool");
  const spool = Spool.create(path, ["loss", "margin"]);
  spool.append(blockOf([0], 0, { loss: () => NaN }));
  // A run that lacks what others have.
  const lacking = blockOf([0], 1, { loss: () => NaN, margin: () => 1 });
  markMissing(new Uint32Array(lacking.quantities.loss.buffer), 0);
  spool.append(lacking);
  spool.flush();
  spool.close();
  const reopened = Spool.open(path);
  const [{ values }] = Array.from(reopened.inOrder());
  reopened.close();
  const words = new Uint32Array(values.buffer);
  expect([4, 5, 10, 11].map((place) => isMissing(words, place))).toEqual([false, true, true, false]);
  expect(values[4]).toBeNaN();
});

test("a spool is reopened with its records and ends, and goes on", () => {
  const path = join(temporaryFolder(), "records.spool");
  const spool = Spool.create(path, ["loss"]);
  spool.append(blockOf([0, 1], 0, { loss: (run) => run }));
  spool.appendEnds({
    runs: Uint32Array.of(1),
    status: ["converged"],
    epochs: Float64Array.of(2),
    time: Float64Array.of(0.2),
  });
  spool.close();

  const reopened = Spool.open(path);
  expect(reopened.quantities).toEqual(["loss"]);
  expect(reopened.ends.get(1)).toEqual({ status: "converged", epochs: 2, time: 0.2 });
  expect([reopened.runs, reopened.records(0), reopened.records(1), reopened.records(99)]).toEqual([
    2, 1, 1, 0,
  ]);
  reopened.append(blockOf([0], 1, { loss: () => 5 }));
  expect(rowsOf(reopened)).toEqual([
    [0, 0, 0],
    [0, 1, 5],
    [1, 0, 1],
  ]);
  reopened.close();
});

test("a spool cut off anywhere opens with every whole segment and can be appended to", () => {
  const path = join(temporaryFolder(), "records.spool");
  const spool = Spool.create(path, ["loss"]);
  const sizes = [statSync(path).size];
  for (let record = 0; record < 3; record += 1) {
    spool.append(blockOf([0], record, { loss: () => record }));
    spool.flush();
    sizes.push(statSync(path).size);
  }
  spool.close();
  const whole = readFileSync(path);
  for (let size = sizes[0]; size <= whole.length; size += 1) {
    writeFileSync(path, whole.subarray(0, size));
    const cut = Spool.open(path);
    const records = sizes.filter((end) => end <= size).length - 1;
    expect(rowsOf(cut)).toHaveLength(records);
    cut.append(blockOf([0], records, { loss: () => -1 }));
    expect(rowsOf(cut)).toHaveLength(records + 1);
    cut.close();
  }
});

test("bytes that another program wrote are cut off or refused, never read as records", () => {
  const path = join(temporaryFolder(), "records.spool");
  const spool = Spool.create(path, ["loss"]);
  spool.append(blockOf([0], 0, { loss: () => 1 }));
  spool.flush();
  spool.close();
  appendFileSync(path, Buffer.alloc(1000, 7));
  const reopened = Spool.open(path);
  expect(rowsOf(reopened)).toEqual([[0, 0, 1]]);
  reopened.close();
  truncateSync(path, 12);
  expect(() => Spool.open(path)).toThrow("cut off");
  writeFileSync(path, "something else entirely");
  expect(() => Spool.open(path)).toThrow("no record spool");
});

test("a spool that exists is not overwritten", () => {
  const path = join(temporaryFolder(), "records.spool");
  Spool.create(path, []).close();
  expect(() => Spool.create(path, [])).toThrow("EEXIST");
});

test("a spool is checked without a change, and opened as it was when it was synced", () => {
  const path = join(temporaryFolder(), "records.spool");
  const spool = Spool.create(path, ["loss"]);
  spool.append(blockOf([0, 1], 0, { loss: () => 1 }));
  const bytes = spool.sync();
  spool.append(blockOf([0, 1], 1, { loss: () => 2 }));
  const all = spool.sync();

  Spool.check(path, bytes);
  expect(statSync(path).size).toBe(all);
  expect(() => Spool.check(path, all + 8)).toThrow(
    `is damaged: ${all} of its first ${all + 8} bytes can be read`,
  );
  const reopened = Spool.open(path, bytes);
  expect([statSync(path).size, reopened.records(0)]).toEqual([bytes, 1]);
});
