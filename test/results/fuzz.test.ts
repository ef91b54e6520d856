/** Results folders are untrusted: whatever the bytes of their files, they are read or refused with one line. */

import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { decodeCheckpoint } from "../../src/results/checkpoint-file.ts";
import { decodeTable } from "../../src/results/decode.ts";
import type { Json } from "../../src/document/types.ts";
import { encodeFrame, FrameReader } from "../../src/results/frame.ts";
import { parseManifest } from "../../src/results/manifest.ts";
import { Spool } from "../../src/results/spool.ts";
import { ResultsWriter } from "../../src/results/writer.ts";
import { change, changed, edited, edits, fuzzing } from "../harness/fuzz.ts";
import { blockOf, experimentOf, origin, temporaryFolder } from "./experiment.ts";

/** Errors of ours are plain ones; what a mistake throws is a TypeError, a RangeError, ... */
function expectRefusal(error: unknown): void {
  const { constructor, message } = error as Error;
  expect(["Error", "FrameError", "DocumentError"], String((error as Error).stack)).toContain(
    constructor.name,
  );
  expect(message).toMatch(/^[^\u0000-\u001f\u2028\u2029]+$/);
  expect(message).not.toMatch(/undefined|\[object/);
  expect(message.length).toBeLessThan(1000);
}

const table = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: "run", data: Int32Array.of(0, 1, 1), nullable: false },
      { name: "loss", data: [0.5, null, 2], type: "DOUBLE" },
      { name: "status", data: ["finished", "diverged", "finished"], type: "STRING" },
    ],
  }),
);

test("tables with changed bytes are read or refused with one line", async () => {
  let hasRead = 0;
  await fc.assert(
    fc.asyncProperty(edits, async (changes) => {
      const { buffer } = edited(table, changes);
      try {
        const { rows, columns } = await decodeTable(buffer, "runs.parquet", ["run"]);
        expect(rows).toBeLessThanOrEqual(64 * buffer.byteLength);
        expect(Object.getPrototypeOf(columns)).toBe(Object.prototype);
        hasRead += 1;
      } catch (error) {
        expectRefusal(error);
      }
    }),
    fuzzing(),
  );
  expect(hasRead).toBeGreaterThan(100);
});

/** A folder in the middle of training. */
function begunFolder(): string {
  const folder = temporaryFolder();
  const writer = new ResultsWriter(folder, experimentOf(), origin);
  const quantities = { loss: (run: number) => run, ntk_drift: () => NaN };
  writer.record(blockOf([0, 1, 2], 0, quantities, new Float32Array(12)));
  writer.record(blockOf([0, 2], 1, quantities, new Float32Array(8)));
  writer.checkpoint({
    parts: 0,
    progress: { runs: 3, runsDone: 0, runSteps: 4, runStepsTotal: 12, seconds: 1 },
    kernels: { gram: { BLOCK: 8 } },
    settled: { "gram.wgsl samples=4": "gram.wgsl#plain" },
    training: {
      position: 3,
      buffers: [{ label: "state", words: Uint32Array.of(1, 2, 3) }],
      endings: [{ position: 0, status: "finished", epoch: 2, time: 0.2 }],
      recorded: Float64Array.of(2),
      kernels: {},
    },
  } as never);
  writer.suspend();
  return folder;
}

test("manifests with changed bytes are read or refused with one line", () => {
  const bytes = readFileSync(join(begunFolder(), "manifest.json"));
  fc.assert(
    fc.property(edits, (changes) => {
      try {
        expect(parseManifest(edited(bytes, changes)).format).toBe(1);
      } catch (error) {
        expectRefusal(error);
      }
    }),
    fuzzing(),
  );
});

test("checkpoints with changed bytes, their checksum mended, are read or refused with one line", () => {
  const bytes = readFileSync(join(begunFolder(), "checkpoint"));
  let hasRead = 0;
  fc.assert(
    fc.property(edits, fc.boolean(), (changes, isMended) => {
      const changed = Buffer.from(edited(bytes, changes));
      if (isMended && changed.length >= 16) changed.writeUInt32LE(crc32(changed.subarray(16)), 12);
      try {
        decodeCheckpoint(changed, "checkpoint");
        hasRead += 1;
      } catch (error) {
        expectRefusal(error);
      }
    }),
    fuzzing(),
  );
  expect(hasRead).toBeGreaterThan(100);
});

const changes = fc.array(change, { minLength: 1, maxLength: 3 });

test("manifests with changed values are read or refused with one line", () => {
  const manifest = JSON.parse(readFileSync(join(begunFolder(), "manifest.json"), "utf8")) as Json;
  let hasRead = 0;
  fc.assert(
    fc.property(changes, (all) => {
      const value = structuredClone(manifest);
      for (const each of all) changed(value, each);
      try {
        const read = parseManifest(Buffer.from(JSON.stringify(value)));
        expect(read.warnings.every((warning) => typeof warning === "string")).toBe(true);
        hasRead += 1;
      } catch (error) {
        expectRefusal(error);
      }
    }),
    fuzzing(),
  );
  expect(hasRead).toBeGreaterThan(100);
});

test("checkpoints with changed values are read or refused with one line", () => {
  const bytes = readFileSync(join(begunFolder(), "checkpoint"));
  const [frame] = new FrameReader().push(bytes.subarray(16));
  let hasRead = 0;
  fc.assert(
    fc.property(changes, (all) => {
      const fields = structuredClone(frame.fields);
      for (const each of all) changed(fields, each);
      const pieces = encodeFrame({ ...frame, fields });
      const whole = Buffer.concat([bytes.subarray(0, 16), ...pieces]);
      whole.writeUInt32LE(crc32(whole.subarray(16)), 12);
      try {
        const { checkpoint, folder } = decodeCheckpoint(whole, "checkpoint");
        expect(Object.values(checkpoint.progress).every((value) => typeof value === "number")).toBe(true);
        expect(Number.isSafeInteger(folder.spool)).toBe(true);
        hasRead += 1;
      } catch (error) {
        expectRefusal(error);
      }
    }),
    fuzzing(),
  );
  expect(hasRead).toBeGreaterThan(100);
});

test("record spools with changed bytes are read or refused with one line", () => {
  const folder = begunFolder();
  const path = join(folder, "records.spool");
  const bytes = readFileSync(path);
  fc.assert(
    fc.property(edits, (changes) => {
      const changed = edited(bytes, changes);
      writeFileSync(path, changed);
      try {
        Spool.check(path, changed.length);
      } catch (error) {
        expectRefusal(error);
      }
    }),
    // Each opens its file with room for records to come.
    fuzzing(0.2),
  );
});
