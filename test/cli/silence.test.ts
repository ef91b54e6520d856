import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { temporaryFolder } from "./command.ts";

/** Writes to the error stream as native code does, past Node's own streams. */
const script = `
  import { writeSync } from "node:fs";
  import { runSource } from ${JSON.stringify(join(packageRoot, "bin", "sources.js"))};
  const { module } = await runSource("src/cli/runtimes/silence.ts");
  writeSync(2, "before\\n");
  await module.silently(async () => writeSync(2, "within\\n"));
  writeSync(2, "after\\n");`;

const shell = (command: string): string =>
  spawnSync("sh", ["-c", command, process.execPath, script], { cwd: temporaryFolder(), encoding: "utf8" })
    .stdout;

const told = (redirection: string): string => shell(`"$0" --input-type=module -e "$1" ${redirection}`);

// Elsewhere nobody can put the stream back.
if (process.platform === "linux") {
  test("native code is silent in a pipe, and only while it should be", () => {
    expect(told("2>&1 | cat")).toBe("before\nafter\n");
    expect(told(">> log 2>&1; echo end >> log; cat log")).toBe("before\nafter\nend\n");
    expect(told("2>> log; cat log")).toBe("before\nafter\n");
  });

  test("it is silent in a new file, which keeps its order and all that is said, also of what runs later", () => {
    expect(told("> log 2>&1; cat log")).toBe("before\nafter\n");
    const command = `{ "$0" --input-type=module -e "$1"; echo later >&2; } 2> log; cat log`;
    expect(shell(command)).toBe("before\nafter\nlater\n");
  });
}

test("a file that is written over from its start keeps its place, and all that is said", () => {
  const command = `printf 0123456789abcdefghijklmnopqrstuvwxyz > log; "$0" --input-type=module -e "$1" 2<> log; cat log`;
  expect(shell(command)).toBe("before\nwithin\nafter\nklmnopqrstuvwxyz");
});
