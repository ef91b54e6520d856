/** A folder in which somebody types the commands of a page, one after the other. */

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { builtPackage } from "../harness/built-package.ts";
import type { Outcome } from "./command.ts";

export class TypingSession {
  readonly folder: string;
  readonly #around = mkdtempSync(join(tmpdir(), "alphasweep-typed-"));
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.folder = join(this.#around, "alphasweep");
    const programs = join(this.#around, "bin");
    mkdirSync(programs);
    mkdirSync(this.folder);
    // Not those that vitest sets, nor what its tests take for their runtime.
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|NODE_ENV|TEST|DEV|PROD|MODE|SSR|BASE_URL|ALPHASWEEP_RUNTIME)/.test(name),
    );
    this.#env = {
      ...Object.fromEntries(own),
      PATH: [programs, process.env.PATH].join(delimiter),
      // What npx keeps of this clone goes with it.
      npm_config_cache: join(this.#around, "npm"),
      ...env,
    };
  }

  /** alphasweep as `npm install` puts it into a folder. */
  install(): void {
    const modules = join(this.folder, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    symlinkSync(builtPackage(), join(modules, "alphasweep"));
    const command = join(builtPackage(), "bin", "alphasweep.js");
    chmodSync(command, 0o755);
    symlinkSync(command, join(modules, ".bin", "alphasweep"));
    symlinkSync(command, join(this.#around, "bin", "alphasweep"));
  }

  /** A clone with its packages; a Python of its own, into which readers may install. */
  async clone(): Promise<void> {
    const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: packageRoot,
      encoding: "utf8",
    });
    for (const name of listed.stdout.split("\0").filter(Boolean))
      cpSync(join(packageRoot, name), join(this.folder, name));
    symlinkSync(join(this.folder, "bin", "alphasweep.js"), join(this.#around, "bin", "alphasweep"));
    await this.type("npm ci");
    await this.type(`python3 -m venv ${join(this.#around, "python")}`);
    this.#env.PATH = [join(this.#around, "python", "bin"), this.#env.PATH].join(delimiter);
  }

  write(files: Record<string, string | Buffer>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), content);
    }
  }

  /**
   * Types a command, and Ctrl-C once it has printed what is waited for, or when the test ends.
   *
   * @throws Error where it ends before it has
   */
  type(command: string, until?: RegExp): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const typed = spawn("bash", ["-c", command], {
        cwd: this.folder,
        env: this.#env,
        stdio: ["ignore", "pipe", "pipe"],
        // A group of its own, which Ctrl-C reaches as a whole.
        detached: true,
      });
      const outcome: Outcome = { code: null, output: "", errors: "" };
      let isInterrupted = false;
      const heard = (stream: "output" | "errors") => (bytes: Buffer) => {
        outcome[stream] += bytes.toString();
        if (until === undefined || isInterrupted || !until.test(outcome.output + outcome.errors)) return;
        isInterrupted = true;
        process.kill(-typed.pid!, "SIGINT");
      };
      typed.stdout.on("data", heard("output"));
      typed.stderr.on("data", heard("errors"));
      typed.on("close", (code) => {
        if (until !== undefined && !isInterrupted)
          reject(new Error(`it has ended: ${outcome.output}${outcome.errors}`));
        else resolve({ ...outcome, code });
      });
    });
  }

  remove(): void {
    rmSync(this.#around, { recursive: true, force: true });
  }
}
