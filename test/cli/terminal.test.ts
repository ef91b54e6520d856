import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { ProgressLine } from "../../src/cli/process/progress-line.ts";
import { columnsOf, isRedrawable } from "../../src/cli/process/terminal.ts";
import { copySources, linkPackages } from "./clones.ts";
import { commandPath, inNode, softwareVulkan, temporaryFolder } from "./command.ts";

afterEach(() => vi.unstubAllEnvs());

const escape = "\x1b";

test.for([
  [true, "xterm-256color", true],
  [true, "dumb", false],
  [true, "", process.platform === "win32"],
  [false, "xterm-256color", false],
] as const)("with a terminal (%s) and TERM=%s a line is drawn again: %s", ([isTTY, term, expected]) => {
  vi.stubEnv("TERM", term);
  expect(isRedrawable({ isTTY, columns: 80 })).toBe(expected);
});

/** Most of this went into compiling. */
const compiled = { runs: 1, runsDone: 0, runSteps: 400, runStepsTotal: 1000, seconds: 1.5 };

/** What a progress line writes to a terminal while training goes on. */
function drawn(term: string, columns: number, first = compiled): string {
  vi.stubEnv("TERM", term);
  let text = "";
  const write = (part: string): boolean => Boolean((text += part));
  const line = new ProgressLine({ isTTY: true, columns, write } as NodeJS.WriteStream);
  line.update(first);
  line.update({ runs: 1, runsDone: 0, runSteps: 500, runStepsTotal: 1000, seconds: 3 });
  line.show("drawing figures");
  line.clear();
  return text;
}

test("on a dumb terminal progress is a line now and then, without escape sequences", () => {
  expect(drawn("dumb", 80)).toBe("50 %, 0/1 runs done, 67 run-steps/s, 3.0 s, 7.5 s left\n");
  expect(drawn("xterm", 80)).toContain(escape);
});

test("what the first submit took tells no pace: it waited for kernels to be compiled", () => {
  expect(drawn("dumb", 80, { ...compiled, runSteps: 1, seconds: 2.5 })).toBe("0 %, 0/1 runs done, 2.5 s\n");
});

test("a terminal without columns shows whole lines, another as much as it holds", () => {
  expect(drawn("xterm", 0)).toContain("\rdrawing figures\x1b[K");
  expect(drawn("xterm", 8)).toContain("\rdrawing\x1b[K");
  expect(columnsOf({ isTTY: true, columns: 0 }, 100)).toBe(100);
});

const document = {
  data: { kind: "linear-uniform", samples: 3, dimension: 4 },
  model: { kind: "diagonal" },
  train: { stepSize: 0.001, epochs: 2 },
};

/** A clone's that builds its pages yet. */
function newCommand(): string {
  const clone = temporaryFolder();
  copySources(clone);
  linkPackages(clone);
  return join(clone, "bin/alphasweep.js");
}

/** The program that runs another on a terminal of its own: util-linux's. */
const script = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux");

if (script)
  test("a command on a dumb terminal writes no escape sequence", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "a.json"), JSON.stringify(document));
    const command = process.env.CLONES === "all" ? newCommand() : commandPath;
    const env = { ...process.env, ...(await softwareVulkan()) };
    const words = inNode.join(" ");
    const run = (term: string) =>
      spawnSync(
        "script",
        ["-qec", `"${process.execPath}" "${command}" run a.json --out ${term} ${words}`, "/dev/null"],
        {
          cwd,
          encoding: "utf8",
          env: { ...env, TERM: term },
        },
      );
    const { status, stdout } = run("dumb");
    expect([status, stdout]).toEqual([0, expect.stringContaining("finished in")]);
    expect(stdout).not.toContain(escape);
    if (process.env.CLONES === "all") expect(run("xterm").stdout).toContain(`\r${escape}[K`);
  });
else test("no command is run on a dumb terminal here: script (of util-linux) is not installed", () => {});
