/** Whom a process that trains with a software adapter leaves its cores to. */
import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { dawnDevice } from "../../src/cli/runtimes/dawn.ts";
import { LOWEST, restAfter, restingFor } from "../../src/cli/runtimes/priority.ts";

/** Names and priorities of this process's threads. */
const threads = () =>
  readdirSync("/proc/self/task").map((id) => {
    const [, name, rest] = /\((.*)\) (.*)/.exec(readFileSync(`/proc/self/task/${id}/stat`, "utf8"))!;
    return { name, nice: Number(rest.split(" ")[16]) };
  });

test("the thread that waits steps back, those that compute do not", async () => {
  const before = getPriority();
  const device = await dawnDevice("software");
  const computing = threads().filter(({ name }) => name.startsWith("llvmpipe"));
  device.destroy();
  expect(computing.length).toBeGreaterThan(0);
  for (const { nice } of computing) expect(nice).toBe(before);
  expect(getPriority()).toBe(LOWEST);
});

test("whoever waits for long rests between turns, for a small part of what was waited", async () => {
  expect([0, 0.4, 10, 1000].map(restAfter)).toEqual([0, 0, 1, 3]);
  let turns = 0;
  let done = false;
  const count = () => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  await restingFor(
    new Promise<void>((resolve) => {
      // Turns of the first milliseconds, in which nobody rests, are not counted.
      setTimeout(count, 20);
      setTimeout(resolve, 200);
    }),
  );
  done = true;
  // Rests of two and three milliseconds; without any they are tens of thousands.
  expect(turns).toBeGreaterThan(0);
  expect(turns).toBeLessThan(1000);
});
