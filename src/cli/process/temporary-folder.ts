import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BrowserError } from "./failure.ts";
import { reasonOf } from "./system-error.ts";

/** A folder for what nobody keeps: it goes with the command, however that ends, or before. */
export class TemporaryFolder {
  readonly path: string;
  readonly #atExit = (): void => this.remove();

  /** @throws BrowserError, for no browser starts without one either: a line that names the folder that it would lie in */
  constructor() {
    const place = resolve(tmpdir());
    try {
      this.path = mkdtempSync(join(place, "alphasweep-"));
    } catch (error) {
      const variable = process.platform === "win32" ? "TEMP" : "TMPDIR";
      throw new BrowserError(
        `the temporary folder ${place} cannot be used: ${reasonOf(error)}; set ${variable} to one that can be written to`,
        { cause: error },
      );
    }
    process.on("exit", this.#atExit);
  }

  remove(): void {
    process.off("exit", this.#atExit);
    try {
      // A browser that was just killed may still be writing into it.
      rmSync(this.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
    } catch {
      // What is left there is no reason to fail.
    }
  }
}
