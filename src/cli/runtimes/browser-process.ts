/** A browser's process: how it is started and spoken to, what it says, and that nothing of it is left. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { dirname, isAbsolute } from "node:path";
import type { Duplex } from "node:stream";
import type { ConnectionTransport } from "puppeteer-core";
import { BrowserError } from "../process/failure.ts";
import { TemporaryFolder } from "../process/temporary-folder.ts";

/** How a browser has ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it wrote to its error stream, if it was short. */
  told: string;
}

/** What is kept of what a browser tells. */
const mostTold = 64 * 2 ** 10;
/** How long after its end a browser's processes may hold what it told. */
const closeMilliseconds = 500;
/** A Chrome's socket lies this deep in its temporary folder, and its name may have so many bytes on Linux. */
const socket = { depth: "/org.chromium.Chromium.XXXXXX/SingletonSocket".length, mostBytes: 107 };

export class BrowserProcess {
  /** Settles when it has ended and its folder is removed. */
  readonly ended: Promise<Ending>;
  readonly transport: ConnectionTransport;
  readonly child: ChildProcess;
  readonly #folder: TemporaryFolder;
  readonly #atExit = (): void => this.kill();

  private constructor(child: ChildProcess, folder: TemporaryFolder) {
    this.child = child;
    this.#folder = folder;
    this.transport = new PipeTransport(child.stdio[3] as Duplex, child.stdio[4] as Duplex);
    // Before: the folder of a browser that still runs cannot be removed.
    process.prependListener("exit", this.#atExit);
    this.ended = this.#end();
  }

  /**
   * Starts a browser with a profile of its own.
   *
   * @param without names of variables that it is not to see
   * @throws BrowserError where the system does not start it, or has no folder for its profile
   */
  static async start(
    executable: string,
    parameters: readonly string[],
    without: RegExp = /^$/,
  ): Promise<BrowserProcess> {
    const folder = new TemporaryFolder();
    const { path } = folder;
    // What it leaves when it is killed lies in its own folder, where that has room for a socket.
    const temporary = [path, dirname(path), "/tmp"].find(
      (place) => Buffer.byteLength(place) + socket.depth <= socket.mostBytes,
    );
    try {
      const child = spawn(executable, [`--user-data-dir=${path}`, "--remote-debugging-pipe", ...parameters], {
        stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
        // A group of its own: its processes can be ended together, and no Ctrl-C ends it before the command does.
        detached: process.platform !== "win32",
        env: { ...environment(without), ...(process.platform === "linux" && { TMPDIR: temporary }) },
      });
      await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
      return new BrowserProcess(child, folder);
    } catch (error) {
      folder.remove();
      const { code, message } = error as NodeJS.ErrnoException;
      throw new BrowserError(`${executable} does not start: ${reasons[code ?? ""] ?? message}`, {
        cause: error,
      });
    }
  }

  async #end(): Promise<Ending> {
    let told = "";
    this.child.stderr!.on("data", (bytes: Buffer) => {
      if (told.length < mostTold) told += bytes.toString();
    });
    for (const stream of [this.child, this.child.stderr!]) stream.on("error", () => {});
    const closed = new Promise((resolve) => this.child.once("close", resolve));
    await new Promise((resolve) => this.child.once("exit", resolve));
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closeMilliseconds).unref())]);
    // Its other processes end by themselves, if it had the time to tell them.
    this.kill();
    process.off("exit", this.#atExit);
    this.#folder.remove();
    return { code: this.child.exitCode, signal: this.child.signalCode, told };
  }

  /** Ends the browser and all its processes at once. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.child;
    try {
      if (process.platform !== "win32") process.kill(-pid!, "SIGKILL");
      else if (exitCode === null && signalCode === null)
        execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    } catch {
      // It has ended.
    }
  }
}

/** The environment; relative XDG folders are to be ignored, and a browser would make them where it is. */
const environment = (without: RegExp): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name, value = ""]) =>
        !without.test(name) && (!/^XDG_(CACHE|CONFIG|DATA|STATE)_HOME$/.test(name) || isAbsolute(value)),
    ),
  );

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  ENOENT: "it, or a program that runs it, is not there",
  ENOEXEC: "it is no program for this system",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  EAGAIN: "too many processes",
  ENOMEM: "there is not enough memory",
};

/** Messages that end with a zero byte, over the pipes that Chrome is given with --remote-debugging-pipe. */
class PipeTransport implements ConnectionTransport {
  onmessage?: (message: string) => void;
  onclose?: () => void;
  readonly #input: Duplex;
  /** Of a message that has not ended. */
  #parts: Buffer[] = [];

  constructor(input: Duplex, output: Duplex) {
    this.#input = input;
    output.on("data", (bytes: Buffer) => this.#receive(bytes));
    output.on("close", () => this.onclose?.());
    // A browser that is gone is known by its end.
    for (const pipe of [input, output]) pipe.on("error", () => {});
  }

  send(message: string): void {
    this.#input.write(`${message}\0`);
  }

  /** Asks a browser to end: it does when nobody speaks to it. */
  close(): void {
    this.#input.destroy();
  }

  #receive(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
      const message = Buffer.concat([...this.#parts, bytes.subarray(start, end)]).toString();
      this.#parts = [];
      start = end + 1;
      // One at a time: what waits for one message goes on before the next is told.
      setImmediate(() => this.onmessage?.(message));
    }
    if (start < bytes.length) this.#parts.push(bytes.subarray(start));
  }
}
