/**
 * Random documents and random faults, until the time is over. Every ending must be a result, exit code 0 and a folder
 * that can be read, or a clear line with its exit code.
 *
 *   node test/soak.js --minutes 30 --seed 1      --cases 1 with a failure's seed tries that one again
 */

import { spawn } from "node:child_process";
import fc from "fast-check";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { readResults } from "../../src/results/read.ts";
import { fillDisk, processOf, withoutSignalOfSize } from "../cli/processes.ts";
import { edited, edits } from "../harness/fuzz.ts";
import { documents, hostileDocuments } from "./documents.ts";

const { values: given } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    cases: { type: "string", default: "1000000" },
  },
});

/** A command that has not ended by then hangs. */
const patience = 180_000;

const faults = ["nothing", "kill", "interrupt", "gpu", "browser", "disk", "damage"] as const;
type Fault = (typeof faults)[number];

const plan = fc.record({
  isHostile: fc.integer({ min: 0, max: 3 }).map((side) => side === 0),
  document: documents,
  hostile: hostileDocuments,
  fault: fc.constantFrom<Fault>(...faults),
  /** Milliseconds until the fault happens. */
  delay: fc.integer({ min: 0, max: 6000 }),
  /** Of the largest file that a full disk takes. */
  bytes: fc.constantFrom(0, 500, 5000, 70_000),
  file: fc.nat(),
  edits,
});

interface Ending {
  code: number | null;
  output: string;
  errors: string;
  hangs: boolean;
}

const command = join(packageRoot, "bin", "alphasweep.js");
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs the command; `disturb` may do something to its process, which is told once its browser is there. */
function run(
  cwd: string,
  parameters: readonly string[],
  disturb: (id: number, hasBrowser: Promise<void>, isOver: () => boolean) => Promise<void>,
): Promise<Ending> {
  const words = ["run", "soak.json", "--out", "out", "--adapter", "software", ...parameters];
  const child = spawn("sh", withoutSignalOfSize(process.execPath, [command, ...words]), {
    cwd,
    env: { ...process.env, ALPHASWEEP_CHECKPOINT_SECONDS: "0.3" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors, isOver, hangs] = ["", "", false, false];
  let told = () => {};
  const hasBrowser = new Promise<void>((resolve) => (told = resolve));
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes.toString();
    if (errors.includes("adapter:")) told();
  });
  const timer = setTimeout(() => {
    hangs = true;
    child.kill("SIGKILL");
  }, patience);
  void disturb(child.pid!, hasBrowser, () => isOver);
  return new Promise((resolve) =>
    child.on("close", (code) => {
      isOver = true;
      told();
      clearTimeout(timer);
      resolve({ code, output, errors, hangs });
    }),
  );
}

/** What is wrong with an ending; undefined where it is a result or a clear line. */
async function problemOf(
  folder: string,
  { code, output, errors, hangs }: Ending,
): Promise<string | undefined> {
  if (hangs) return "it hangs";
  if (/^ +at .*:\d+|node:internal|Unhandled|undefined|\[object/m.test(errors + output))
    return "it prints what no user should read";
  if (code === 0) {
    const { manifest, runs } = await readResults(folder);
    if (manifest.status !== "finished") return `it exits with 0, and is ${manifest.status}`;
    if (!manifest.guard) return "it is finished without a guard";
    return runs.rows > 0 ? undefined : "there are no runs";
  }
  if (code !== null && [1, 2, 130].includes(code)) {
    const last = errors.trimEnd().split("\n").at(-1)!;
    return last.trim() === "" || last.length > 2000 ? "it fails without a clear line" : undefined;
  }
  return `it exits with ${code}`;
}

/** Damages one file of a results folder. */
function damage(
  folder: string,
  { file, edits }: { file: number; edits: Parameters<typeof edited>[1] },
): string {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => statSync(join(folder, name)).isFile())
        .sort()
    : [];
  const name = files[file % Math.max(1, files.length)];
  if (name === undefined) return "nothing";
  const path = join(folder, name);
  writeFileSync(path, edited(readFileSync(path), edits));
  return name;
}

/** @returns how the case went, and what is wrong with it */
async function runCase(
  seed: number,
  cwd: string,
): Promise<{ kind: string; endings: string[]; problem?: string; log: string }> {
  const [{ isHostile, document, hostile, fault, delay, bytes, ...harm }] = fc.sample(plan, {
    seed,
    numRuns: 1,
  }) as [ReturnType<(typeof plan)["generate"]>["value"]];
  const folder = join(cwd, "out");
  const kind = `${isHostile ? "hostile" : "valid"} document, ${fault}`;
  const log = [JSON.stringify(isHostile ? hostile : document)];
  const endings: string[] = [];
  writeFileSync(join(cwd, "soak.json"), log[0]);

  const check = async (what: string, ending: Ending, mayBeKilled = false): Promise<string | undefined> => {
    endings.push(`${what} ${ending.code ?? "killed"}`);
    log.push(`--- ${what}: ${ending.code}`, ending.output, ending.errors);
    if (mayBeKilled && (ending.code === null || ending.code === 137)) return undefined;
    return problemOf(folder, ending).catch((error: Error) => `its folder cannot be read: ${error.message}`);
  };
  const wait = async (hasBrowser: Promise<void>) => {
    if (fault !== "kill" && fault !== "interrupt") await hasBrowser;
    await pause(delay);
  };
  // Ctrl-C before the command listens ends it as it ends every program.
  const mayDie = fault === "kill" || fault === "damage" || fault === "interrupt";
  const first = await run(cwd, ["--resume"], async (id, hasBrowser, isOver) => {
    if (fault === "disk") return void (await hasBrowser, fillDisk(id, bytes));
    await wait(hasBrowser);
    if (fault === "gpu" || fault === "browser") {
      const found = isOver() ? undefined : processOf(id, fault);
      if (found !== undefined) process.kill(found, "SIGKILL");
    }
    if (isOver()) return;
    if (fault === "kill" || fault === "damage") process.kill(id, "SIGKILL");
    if (fault === "interrupt") process.kill(id, "SIGINT");
  });
  let problem = await check("first", first, mayDie);
  const isReplaced = fault === "gpu" || fault === "browser";
  if (problem === undefined && isReplaced && !isHostile && first.code !== 0) problem = "one loss ends it";
  if (problem === undefined && fault === "damage") log.push(`damaged ${damage(folder, harm)}`);
  if (problem === undefined && (first.code !== 0 || fault === "damage")) {
    const second = await run(cwd, ["--resume"], async () => {});
    problem = await check("resumed", second);
    const isRefused = first.code === 2 || (isHostile && second.code === 2);
    if (problem === undefined && second.code !== 0 && fault !== "damage" && !isRefused && first.code !== 1)
      problem = "it does not go on";
    // A full disk and a lost browser are over.
    if (
      problem === undefined &&
      second.code !== 0 &&
      ["disk", "gpu", "browser"].includes(fault) &&
      first.code === 1
    )
      problem = "it does not go on";
  }
  return { kind, endings, log: log.join("\n"), ...(problem !== undefined && { problem }) };
}

const root = mkdtempSync(join(tmpdir(), "alphasweep-soak-"));
const until = Date.now() + Number(given.minutes) * 60_000;
const tally = new Map<string, number>();
const failures: string[] = [];
let cases = 0;
for (
  let seed = Number(given.seed);
  Date.now() < until && cases < Number(given.cases);
  seed += 1, cases += 1
) {
  const cwd = join(root, String(seed));
  mkdirSync(cwd);
  const { kind, endings, problem, log } = await runCase(seed, cwd);
  const key = `${kind}: ${endings.join(", ")}`;
  tally.set(key, (tally.get(key) ?? 0) + 1);
  if (problem === undefined) rmSync(cwd, { recursive: true, force: true });
  else {
    failures.push(`seed ${seed}: ${kind}: ${endings.join(", ")}: ${problem} (${cwd})`);
    writeFileSync(join(cwd, "log.txt"), log);
    console.log(failures.at(-1));
  }
}
console.log(
  [...tally]
    .sort()
    .map(([kind, count]) => `${String(count).padStart(5)}  ${kind}`)
    .join("\n"),
);
console.log(`${cases} cases from seed ${given.seed}, ${failures.length} failures`);
for (const failure of failures) console.log(failure);
if (failures.length === 0) rmSync(root, { recursive: true, force: true });
process.exitCode = failures.length > 0 ? 1 : 0;
