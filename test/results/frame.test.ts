import fc from "fast-check";
import { expect, test } from "vitest";
import { deliverFrame, endFrame, progressFrame, recordFrame } from "../../src/results/block-frames.ts";
import type { Frame } from "../../src/results/frame.ts";
import { encodeFrame, FrameError, FrameReader } from "../../src/results/frame.ts";
import type { EndBlock, Progress, RecordBlock } from "../../src/scheduler/sink.ts";

const bytesOf = (frames: Frame[]): Uint8Array => Buffer.concat(frames.flatMap(encodeFrame));

const column = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.float32Array({ maxLength: 20 }),
  fc.uint32Array({ maxLength: 20 }),
);
const frame = fc.record({
  kind: fc.string(),
  fields: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))),
  columns: fc.dictionary(fc.string(), column),
}) as fc.Arbitrary<Frame>;

/** Bytes in pieces, cut at any places. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

test("frames come back as they were sent, however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (frames, places) => {
        const reader = new FrameReader();
        const received = cut(bytesOf(frames), places).flatMap((piece) => reader.push(piece));
        expect(received).toHaveLength(frames.length);
        received.forEach((found, index) => {
          expect(found.kind).toBe(frames[index].kind);
          expect(Object.entries(found.fields)).toEqual(Object.entries(frames[index].fields));
          expect(Object.entries(found.columns)).toEqual(Object.entries(frames[index].columns));
        });
        expect(reader.isAtBoundary).toBe(true);
      },
    ),
  );
});

test("spoilt bytes give frames or a FrameError, nothing else", () => {
  fc.assert(
    fc.property(
      fc.array(frame, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      (frames, changes) => {
        const bytes = Uint8Array.from(bytesOf(frames));
        for (const [place, value] of changes) bytes[place % bytes.length] = value;
        try {
          for (const found of new FrameReader(2 ** 20).push(bytes)) expect(typeof found.kind).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("a frame that claims to be huge is refused before it is allocated", () => {
  const bytes = new Uint8Array(new Uint32Array([0xffff_fff8, 16]).buffer);
  expect(() => new FrameReader().push(bytes)).toThrow(FrameError);
});

const record: RecordBlock = {
  runs: Uint32Array.of(3, 1),
  record: 7,
  epoch: Float64Array.of(70, 70),
  time: Float64Array.of(0.7, 1.4),
  quantities: { loss: Float64Array.of(NaN, -0), runs: Float64Array.of(1, 2) },
  arrays: { ntk: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) } },
};
const end: EndBlock = {
  runs: Uint32Array.of(1),
  status: ["diverged"],
  epochs: Float64Array.of(70),
  time: Float64Array.of(1.4),
  arrays: {
    predictor: { shape: [3], data: Float32Array.of(1, 2, 3) },
    weights: { shape: [6], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  },
};
const progress: Progress = { runs: 4, runsDone: 1, runSteps: 280, runStepsTotal: 4000, seconds: 0.25 };

test("what a sink is given in the page arrives at the command's sink", async () => {
  const given: [string, unknown][] = [];
  const sink = {
    record: (block: RecordBlock) => void given.push(["record", block]),
    end: (block: EndBlock) => void given.push(["end", block]),
    progress: (state: Progress) => void given.push(["progress", state]),
  };
  const bytes = bytesOf([recordFrame(record), progressFrame(progress), endFrame(end)]);
  for (const found of new FrameReader().push(bytes)) await deliverFrame(found, sink);
  expect(given).toEqual([
    ["record", record],
    ["progress", progress],
    ["end", end],
  ]);
  expect((given[0][1] as RecordBlock).quantities.loss[1]).toBe(-0);
});

test.for([
  ["an unknown kind", { kind: "other", fields: {}, columns: {} }],
  ["no runs", { kind: "record", fields: { record: 0 }, columns: {} }],
  [
    "columns of different length",
    { ...endFrame(end), columns: { ...endFrame(end).columns, time: new Float64Array(2) } },
  ],
  [
    "an unknown status",
    { ...endFrame(end), columns: { ...endFrame(end).columns, status: Uint32Array.of(9) } },
  ],
  [
    "kernels that divide into no rows",
    { ...recordFrame(record), columns: { ...recordFrame(record).columns, "array:ntk": new Float32Array(3) } },
  ],
] satisfies [string, Frame][])("a frame with %s is refused", async ([, wrong]) => {
  await expect(deliverFrame(wrong, { record: () => {}, end: () => {} })).rejects.toThrow(FrameError);
});
