/** Whom a process that trains with a software adapter leaves its cores to. */
import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { dawnDevice } from "../../src/cli/runtimes/dawn.ts";
import { LOWEST } from "../../src/cli/runtimes/priority.ts";

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
