import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { builtPackage } from "../harness/built-package.ts";

export const commandPath = join(builtPackage(), "bin", "alphasweep.js");

/** A folder of this test's own, gone when it is finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "alphasweep-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Outcome {
  code: number | null;
  output: string;
  errors: string;
}

/** The command as a process of its own. */
export class Running {
  errors = "";
  output = "";
  readonly #child;
  readonly #closed: Promise<Outcome>;

  constructor(
    parameters: readonly string[],
    {
      cwd = temporaryFolder(),
      env = {},
      clone,
    }: { cwd?: string; env?: NodeJS.ProcessEnv; clone?: string } = {},
  ) {
    const command = clone === undefined ? commandPath : join(clone, "bin", "alphasweep.js");
    this.#child = spawn(process.execPath, [command, ...parameters], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout.on("data", (bytes: Buffer) => (this.output += bytes.toString()));
    this.#child.stderr.on("data", (bytes: Buffer) => (this.errors += bytes.toString()));
    this.#closed = new Promise((resolve) => {
      this.#child.on("close", (code) => resolve({ code, output: this.output, errors: this.errors }));
    });
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  get id(): number {
    return this.#child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  outcome(): Promise<Outcome> {
    return this.#closed;
  }

  /** Settles when what was printed matches; rejects when the command ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const match = (): RegExpExecArray | null => pattern.exec(this.output) ?? pattern.exec(this.errors);
    let ended = false;
    void this.#closed.then(() => (ended = true));
    for (;;) {
      const found = match();
      if (found) return found;
      if (ended) throw new Error(`ended without printing ${pattern}: ${this.output}${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Runs the command to its end. */
export const alphasweep = (
  parameters: readonly string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<Outcome> => new Running(parameters, options).outcome();

/** Words for a run that is not of a browser: it takes a third of the time. */
export const inNode = ["--runtime", "node", "--adapter", "software"] as const;

/** The environment in which Dawn finds the CPU's Vulkan driver that every Chrome brings. */
export async function softwareVulkan(): Promise<NodeJS.ProcessEnv> {
  // Debian's chromium is a script, and its files lie elsewhere.
  const folders = [dirname(realpathSync(await ensureBrowser())), "/usr/lib/chromium"];
  const folder = folders.find((candidate) => existsSync(join(candidate, "vk_swiftshader_icd.json")))!;
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json") };
}
