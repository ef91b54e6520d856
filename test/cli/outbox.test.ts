import { expect, test } from "vitest";
import { Outbox, toBase64 } from "../../src/page/outbox.ts";
import type { Frame } from "../../src/results/frame.ts";
import { FrameReader } from "../../src/results/frame.ts";

const frame = (numbers: number, fill: number): Frame => ({
  kind: "record",
  fields: { fill },
  columns: { numbers: new Float64Array(numbers).fill(fill) },
});

test("frames of every size arrive whole and in order, in chunks that are sent one at a time", async () => {
  const reader = new FrameReader();
  const received: Frame[] = [];
  let sending = 0;
  let largest = 0;
  const outbox = new Outbox(async (base64) => {
    expect((sending += 1)).toBe(1);
    largest = Math.max(largest, base64.length);
    await new Promise((resolve) => setTimeout(resolve, 1));
    received.push(...reader.push(Buffer.from(base64, "base64")));
    sending -= 1;
  });
  const sizes = [1, 0, 300_000, 17, 131_072, 5, 1_000_000];
  for (const [place, size] of sizes.entries()) {
    const sent = frame(size, place);
    await outbox.push(sent);
    // The sender may use its columns again.
    sent.columns.numbers.fill(-1);
  }
  await outbox.flush();
  expect(reader.isAtBoundary).toBe(true);
  expect(received.map(({ columns }) => columns.numbers.length)).toEqual(sizes);
  received.forEach(({ columns }, place) =>
    expect(columns.numbers.every((value) => value === place)).toBe(true),
  );
  expect(largest).toBeLessThan(2 ** 21);
});

test("a small frame is not kept for long", async () => {
  let arrived = 0;
  const outbox = new Outbox(async () => void (arrived += 1));
  await outbox.push(frame(1, 1));
  expect(arrived).toBe(0);
  await expect.poll(() => arrived).toBe(1);
});

test("the sender waits while the receiver is behind", async () => {
  let release = (): void => {};
  const blocked = new Promise<void>((resolve) => (release = resolve));
  const outbox = new Outbox(() => blocked);
  let accepted = 0;
  const sending = (async () => {
    for (; accepted < 40; accepted += 1) await outbox.push(frame(131_072, 1));
  })();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(accepted).toBeLessThan(20);
  release();
  await sending;
  await outbox.flush();
  expect(accepted).toBe(40);
});

test("what the receiver throws reaches the sender, and nothing is sent after it", async () => {
  let calls = 0;
  const outbox = new Outbox(async () => {
    calls += 1;
    throw new Error("the disk is full");
  });
  await outbox.push(frame(1, 1));
  await expect(outbox.flush()).rejects.toThrow("the disk is full");
  await expect(outbox.push(frame(1, 1))).rejects.toThrow("the disk is full");
  expect(calls).toBe(1);
});

test("base64 without the engine's own toBase64", () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, index) => index * 7);
  expect("toBase64" in bytes).toBe(false);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
});
