/** One command at a time writes to a results folder. */

import { linkSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DocumentError } from "../document/error.ts";
import { folderFiles, makeFolder, unusable } from "./folder.ts";

/** Who holds a folder. */
interface Holder {
  process: number;
  host: string;
  /** Tells the process from a later one of the same number, where the system says when it began. */
  began: string;
  /** Of a task that a scheduler starts again, maybe on another host, once it has ended there; and which time this is. */
  task?: string;
  attempt?: number;
}

/** A command that finds a lock of a process that is gone takes it over; how often it tries. */
const attempts = 5;

/** A file in the folder that names the process; one that a killed process has left is taken over. */
export class FolderLock {
  readonly #directory: string;
  readonly #made: readonly string[];
  readonly #text = JSON.stringify(holderHere());

  private constructor(directory: string) {
    this.#directory = directory;
    this.#made = makeFolder(directory);
  }

  /**
   * Makes the folder where it is missing, and holds it.
   *
   * @throws DocumentError that names the process that holds it
   */
  static take(directory: string): FolderLock {
    const lock = new FolderLock(directory);
    const path = join(directory, folderFiles.lock);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (lock.#tryToPut(path)) return lock;
      const found = readText(path);
      if (found === undefined) continue;
      const holder = parseHolder(found);
      if (holder && isAlive(holder)) throw heldBy(directory, holder);
      removeStale(path, found);
    }
    throw new DocumentError(directory, "is in use by another command");
  }

  /** Gives the folder back; where it was made for it and holds nothing it is removed, with those made around it. */
  release(): void {
    const path = join(this.#directory, folderFiles.lock);
    if (readText(path) === this.#text) rmSync(path, { force: true });
    try {
      for (const folder of this.#made.toReversed()) rmdirSync(folder);
    } catch {
      // It holds results.
    }
  }

  #tryToPut(path: string): boolean {
    try {
      return this.#put(path);
    } catch (error) {
      throw unusable(this.#directory, error);
    }
  }

  /** A link appears with the file's whole text, and only where nothing is. */
  #put(path: string): boolean {
    const own = `${path}.${process.pid}`;
    writeFileSync(own, this.#text);
    try {
      linkSync(own, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      return this.#putWithoutLinks(path, error as NodeJS.ErrnoException);
    } finally {
      rmSync(own, { force: true });
    }
  }

  /** Some file systems have no links. */
  #putWithoutLinks(path: string, { code }: NodeJS.ErrnoException): boolean {
    if (code === "ENOENT") return false;
    try {
      writeFileSync(path, this.#text, { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }
}

/** Moves a lock away and looks again: another command may have taken it over in between, and gets its own back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== stale) linkSync(aside, path);
  } catch {
    // Somebody else was quicker.
  } finally {
    rmSync(aside, { force: true });
  }
}

const heldBy = (directory: string, { process: id, host }: Holder): DocumentError =>
  new DocumentError(
    directory,
    host === hostname()
      ? `is in use by another command (process ${id}); wait for it, or give another folder with --out`
      : `is in use by process ${id} on ${host}; if that is gone, remove ${join(directory, folderFiles.lock)}`,
  );

/** ALPHASWEEP_TASK and ALPHASWEEP_ATTEMPT are set by a scheduler's script. */
function holderHere(): Holder {
  const { ALPHASWEEP_TASK: task, ALPHASWEEP_ATTEMPT: attempt } = process.env;
  return {
    process: process.pid,
    host: hostname(),
    began: beginning(process.pid) ?? "",
    ...(task && { task, attempt: Number(attempt || 0) }),
  };
}

/** Whether a command writes to a folder, as far as this host can tell. */
export function isHeld(directory: string): boolean {
  const holder = parseHolder(readText(join(directory, folderFiles.lock)) ?? "");
  return holder !== undefined && isAlive(holder);
}

function isAlive({ process: id, host, began, task, attempt = 0 }: Holder): boolean {
  // What runs on another machine cannot be known here, unless it is an earlier attempt at the same task.
  if (host !== hostname()) {
    const here = holderHere();
    return !(task !== undefined && task === here.task && attempt < (here.attempt ?? 0));
  }
  try {
    process.kill(id, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return began === "" || (beginning(id) ?? began) === began;
}

/** When a process began, in the words of Linux; undefined elsewhere. */
function beginning(id: number): string | undefined {
  try {
    // After the name, which may hold anything, in parentheses: the state is the first field, the beginning the 20th.
    const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return fields[0] === "Z" ? "ended" : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    if (Number.isInteger(value.process) && typeof value.host === "string" && typeof value.began === "string")
      return value as Holder;
  } catch {
    // A command was killed while it wrote this.
  }
  return undefined;
}
