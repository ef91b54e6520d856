import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { DocumentError } from "../../src/document/error.ts";
import { FolderLock } from "../../src/results/lock.ts";
import { temporaryFolder } from "./experiment.ts";

const lockIn = (folder: string): string => join(folder, "running.lock");

test("a folder is made, held, given back, and removed where it holds nothing", () => {
  const results = join(temporaryFolder(), "results");
  const folder = join(results, "new");
  const lock = FolderLock.take(folder);
  expect(() => FolderLock.take(folder)).toThrow(
    `new is in use by another command (process ${process.pid}); wait`,
  );
  expect(readdirSync(folder)).toEqual(["running.lock"]);
  lock.release();
  expect(existsSync(results)).toBe(false);

  FolderLock.take(join(results, "other"));
  FolderLock.take(folder).release();
  expect(readdirSync(results)).toEqual(["other"]);
  FolderLock.take(folder);
  writeFileSync(join(folder, "runs.parquet"), "");
  expect(readdirSync(folder).sort()).toEqual(["running.lock", "runs.parquet"]);
});

test("a folder that cannot be made, or written to, is said to be so", () => {
  const folder = temporaryFolder();
  const [nowhere, circle] = [join(folder, "nowhere"), join(folder, "circle")];
  symlinkSync("missing", nowhere);
  symlinkSync("circle", circle);
  writeFileSync(join(folder, "file"), "");
  const why = {
    [nowhere]: "leads nowhere",
    [circle]: "lead in a circle",
    [join(folder, "file", "x")]: "not a folder",
  };
  for (const [path, reason] of Object.entries(why)) {
    expect(() => FolderLock.take(path)).toThrow(DocumentError);
    expect(() => FolderLock.take(path)).toThrow(reason);
  }
  // Where Node's own way of making folders never returns.
  if (process.platform === "linux")
    expect(() => FolderLock.take("/proc/alphasweep")).toThrow(/^\/proc\/alphasweep cannot be used/);
});

test("a folder that was there stays", () => {
  const folder = temporaryFolder();
  FolderLock.take(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});

test("the lock of a process that is gone is taken over, that of a living one is not", () => {
  const folder = temporaryFolder();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const other = spawn("sleep", ["60"]);
  onTestFinished(() => void other.kill());
  const held = (holder: object): void => writeFileSync(lockIn(folder), JSON.stringify(holder));
  const here = { host: hostname(), began: "" };

  held({ ...here, process: pid });
  FolderLock.take(folder).release();
  held({ ...here, process: other.pid });
  expect(() => FolderLock.take(folder)).toThrow(`(process ${other.pid})`);
  // The same number, given to a later process.
  held({ ...here, process: other.pid, began: "another boot 1" });
  FolderLock.take(folder).release();
  // Cut off while it was written.
  for (const text of ["", "{", '{"process": 1}']) {
    writeFileSync(lockIn(folder), text);
    FolderLock.take(folder).release();
  }
  held({ host: "elsewhere", began: "", process: 1 });
  expect(() => FolderLock.take(folder)).toThrow(
    /in use by process 1 on elsewhere; if that is gone, remove .*running\.lock$/,
  );
  expect(readdirSync(folder)).toEqual(["running.lock"]);
});

test("one that has lost its lock does not take another's away", () => {
  const folder = temporaryFolder();
  const lock = FolderLock.take(folder);
  writeFileSync(lockIn(folder), "another");
  lock.release();
  expect(readFileSync(lockIn(folder), "utf8")).toBe("another");
});

test("the lock of another host is taken over by a later attempt at the same task alone", () => {
  const holder = { process: 1, host: "another", began: "", task: "slurm one 7 3", attempt: 1 };
  const asTask = (task: string, attempt: string): FolderLock => {
    vi.stubEnv("ALPHASWEEP_TASK", task);
    vi.stubEnv("ALPHASWEEP_ATTEMPT", attempt);
    onTestFinished(() => void vi.unstubAllEnvs());
    return FolderLock.take(folder);
  };
  const folder = temporaryFolder();
  writeFileSync(lockIn(folder), JSON.stringify(holder));
  expect(() => asTask("slurm one 7 3", "1")).toThrow("process 1 on another; if that is gone, remove");
  expect(() => asTask("slurm one 7 4", "2")).toThrow("process 1 on another; if that is gone, remove");
  expect(() => asTask("", "")).toThrow("process 1 on another; if that is gone, remove");
  asTask("slurm one 7 3", "2").release();
  expect(readdirSync(folder)).toEqual([]);
});
