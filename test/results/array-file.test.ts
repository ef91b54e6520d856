import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNpy } from "../../src/data/npy.ts";
import { ArrayFile } from "../../src/results/array-file.ts";
import { temporaryFolder } from "./experiment.ts";

const read = (path: string): { shape: number[]; numbers: number[] } => {
  const { shape, values } = readNpy(readFileSync(path), path);
  return { shape, numbers: Array.from(values) };
};

const none = [NaN, NaN, NaN, NaN];

test("items lie in their places, and NaN after a run's last record", () => {
  const path = join(temporaryFolder(), "arrays", "ntk.npy");
  const file = new ArrayFile(path, { runs: 3, records: 3 });
  const shape = [1, 4];
  file.write(2, 0, Float32Array.of(5, 6, 7, 8), shape);
  file.write(0, 0, Float32Array.of(1, 2, 3, 4), shape);
  file.write(2, 1, Float32Array.of(9, 9, 9, 9), shape);
  file.finish();
  expect(read(path)).toEqual({
    shape: [3, 3, 1, 4],
    numbers: [1, 2, 3, 4, ...none, ...none, ...none, ...none, ...none, 5, 6, 7, 8, 9, 9, 9, 9, ...none],
  });
});

test("records that no run has are given up where their number was not known", () => {
  const path = join(temporaryFolder(), "ntk.npy");
  const file = new ArrayFile(path, { runs: 3, records: 1_000_000, trimmed: true });
  for (let record = 0; record < 3; record += 1) {
    file.write(1, record, Float32Array.of(record, 1, 1, 1), [2, 2]);
    if (record < 2) file.write(2, record, Float32Array.of(record, 2, 2, 2), [2, 2]);
  }
  file.finish();
  const second = [0, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];
  expect(read(path)).toEqual({
    shape: [3, 3, 2, 2],
    numbers: [...none, ...none, ...none, ...second, 0, 2, 2, 2, 1, 2, 2, 2, ...none],
  });
});

test("one item a run", () => {
  const path = join(temporaryFolder(), "weights.npy");
  const file = new ArrayFile(path, { runs: 2, trimmed: true });
  file.write(1, 0, Float32Array.of(1, 2));
  expect(() => file.write(0, 0, Float32Array.of(1))).toThrow("items of 2 numbers, and one of 1 came");
  file.finish();
  expect(read(path)).toEqual({ shape: [2, 2], numbers: [NaN, NaN, 1, 2] });
});

test("no item, no file; a place that is not there, or a gap, is an error", () => {
  const path = join(temporaryFolder(), "ntk.npy");
  const file = new ArrayFile(path, { runs: 2, records: 4 });
  file.finish();
  expect(existsSync(path)).toBe(false);
  for (const [run, record] of [
    [2, 0],
    [0, 4],
    [0, 1],
  ])
    expect(() => file.write(run, record, Float32Array.of(1))).toThrow(`record ${record} of run ${run}`);
});

test.each([false, true])(
  "what a checkpoint knows of an array is checked before training goes on; trimmed: %s",
  (trimmed) => {
    const path = join(temporaryFolder(), "arrays", "ntk.npy");
    const options = { runs: 3, records: 3, trimmed };
    const file = new ArrayFile(path, options);
    expect(file.state).toBeUndefined();
    for (const [run, record] of [
      [2, 0],
      [0, 0],
      [2, 1],
    ])
      file.write(run, record, Float32Array.of(run, NaN, 7, record), [2, 2]);
    const reopened = { ...file.state!, records: Uint32Array.of(1, 0, 2) };
    // After the checkpoint.
    file.write(0, 1, Float32Array.of(1, 2, 3, 4), [2, 2]);
    file.close();
    const check = (): void => ArrayFile.check(path, { ...options, reopened });
    expect(check).not.toThrow();
    const again = new ArrayFile(path, { ...options, reopened });
    again.write(0, 1, Float32Array.of(1, 2, 3, 4), [2, 2]);
    expect(() =>
      ArrayFile.check(path, { ...options, reopened: { ...again.state!, records: Uint32Array.of(2, 0, 2) } }),
    ).not.toThrow();
    again.close();
    const working = trimmed ? `${path}.working` : path;
    const whole = readFileSync(working);
    const place = whole.length === 0 ? 0 : 128 + 4 * 4 * (2 * 3 + 1) + 5;
    for (const at of [9, 20, 128, place]) {
      const changed = Buffer.from(whole);
      changed[at] ^= 4;
      writeFileSync(working, changed);
      expect(check, `byte ${at}`).toThrow(/ntk\.npy.* is damaged$/);
    }
    for (const bytes of [0, 5, 128, place]) {
      writeFileSync(working, whole);
      truncateSync(working, bytes);
      expect(check, `${bytes} bytes`).toThrow(/ntk\.npy.* is damaged$/);
    }
    rmSync(working);
    expect(check).toThrow(/ntk\.npy.* is gone$/);
  },
);
