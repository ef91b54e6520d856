/**
 * What checkpoints add to a sweep's time: the same sweep in turns without and with them (A B B A ...), in one browser,
 * into results folders on the disk. Checkpoints come as the command takes them, every three seconds.
 *
 * Beside wall time it tells processor time, of this program, the browser and its GPU process together (Linux only): what
 * else the machine does disturbs it less. On a software adapter it is all that training costs.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type OpenedExperiment, openExperiment } from "../src/cli/experiment/experiment-file.ts";
import { builtInPath } from "../src/cli/experiment/built-in.ts";
import { packageVersion } from "../src/cli/process/package-root.ts";
import { Session } from "../src/cli/runtimes/session.ts";
import { adapterLine } from "../src/cli/training/training.ts";
import { parsePath } from "../src/document/path.ts";
import type { Json } from "../src/document/types.ts";
import { ResultsWriter } from "../src/results/writer.ts";
import { median, quantile } from "./statistics.ts";

const { values: given } = parseArgs({
  options: { pairs: { type: "string", default: "10" }, seconds: { type: "string", default: "15" } },
});

/** What is swept, and epochs that take a second, more or less. */
const sweeps: Record<string, { changes: Record<string, Json>; epochs: number }> = {
  "Figure 6: 5 runs of 10 x 20, kernels recorded": { changes: {}, epochs: 10_000 },
  "200 runs of 100 x 250": {
    changes: {
      data: { kind: "linear-sparse", samples: 100, dimension: 250, sparsity: 5, noise: 0.1 },
      "train.stepSize": 1e-4,
      "record.every": 100,
      "record.quantities": ["loss", "weight_distance", "linear_distance"],
      "record.arrays": [],
      sweep: [{ path: "init.alpha", logspace: [-2, 0, 200] }],
    },
    epochs: 100,
  },
};

const open = (changes: Record<string, Json>): Promise<OpenedExperiment> =>
  openExperiment(
    builtInPath("figure-6")!,
    Object.entries(changes).map(([path, value]) => ({ path: parsePath(path)!, value })),
  );

interface Time {
  wall: number;
  processor: number;
}

/** Seconds that this process and its descendants have computed. */
function processorSeconds(): number {
  const ticksASecond = 100;
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      // The program's name, in brackets, may hold anything.
      const fields = readFileSync(`/proc/${name}/stat`, "latin1")
        .replace(/^.*\) /s, "")
        .split(" ");
      processes.set(Number(name), {
        parent: Number(fields[1]),
        ticks: Number(fields[11]) + Number(fields[12]),
      });
    } catch {
      // It has ended.
    }
  }
  const isOurs = (id: number): boolean =>
    id === process.pid || (processes.has(id) && isOurs(processes.get(id)!.parent));
  let sum = 0;
  for (const [id, { ticks }] of processes) if (isOurs(id)) sum += ticks;
  return sum / ticksASecond;
}

/** Trains into a folder of its own. */
async function timed(
  session: Session,
  opened: OpenedExperiment,
  isSaved: boolean,
): Promise<Time & { saved: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), "alphasweep-cost-"));
  process.env.ALPHASWEEP_CHECKPOINT_SECONDS = isSaved ? "" : "1e6";
  const { adapter, browserVersion } = session;
  const versions = { alphasweep: packageVersion(), node: process.versions.node, platform: process.platform };
  const manifest = { adapter, browser: browserVersion, versions, warnings: [] };
  const writer = new ResultsWriter(folder, opened.experiment, manifest);
  const saved: number[] = [];
  const sink = {
    record: (block: Parameters<ResultsWriter["record"]>[0]) => writer.record(block),
    end: (block: Parameters<ResultsWriter["end"]>[0]) => writer.end(block),
    checkpoint: (checkpoint: Parameters<ResultsWriter["checkpoint"]>[0]) => {
      writer.checkpoint(checkpoint);
      saved.push(statSync(join(folder, "checkpoint")).size);
    },
  };
  const began = processorSeconds();
  const { seconds } = await session.train(opened, sink, new AbortController().signal);
  const processor = processorSeconds() - began;
  writer.suspend();
  rmSync(folder, { recursive: true });
  return { wall: seconds, processor, saved };
}

const summary = (ratios: readonly number[]): string => {
  const added = (ratio: number) => `${ratio < 1 ? "" : "+"}${(100 * (ratio - 1)).toFixed(1)} %`;
  const percent = (q: number) => added(quantile(ratios, q));
  return `${added(median(ratios))} (middle half ${percent(0.25)} … ${percent(0.75)})`;
};

const session = await Session.open({
  adapter: "auto",
  say: (line) => console.error(line),
  signal: new AbortController().signal,
});
try {
  console.log(adapterLine(session.adapter, session.browserVersion));
  for (const [name, { changes, epochs }] of Object.entries(sweeps)) {
    // The first training compiles; the second says how long one takes.
    const first = await open({ ...changes, "train.epochs": epochs });
    await timed(session, first, false);
    const { wall } = await timed(session, first, false);
    const opened = await open({
      ...changes,
      "train.epochs": Math.ceil((Number(given.seconds) / wall) * epochs),
    });
    const ratios: Time[] = [];
    const saved: number[] = [];
    for (let pair = 0; pair < Number(given.pairs); pair++) {
      const times: Partial<Record<"without" | "with", Time>> = {};
      for (const isSaved of pair % 2 === 0 ? [false, true] : [true, false]) {
        const { saved: own, ...time } = await timed(session, opened, isSaved);
        times[isSaved ? "with" : "without"] = time;
        saved.push(...own);
      }
      const [one, other] = [times.with!, times.without!];
      ratios.push({ wall: one.wall / other.wall, processor: one.processor / other.processor });
      console.error(
        `${other.wall.toFixed(1)} s and ${one.wall.toFixed(1)} s with checkpoints; ` +
          `processor ${other.processor.toFixed(2)} s and ${one.processor.toFixed(2)} s`,
      );
    }
    console.log(
      `${name}, ${ratios.length} pairs, ${(saved.length / ratios.length).toFixed(1)} checkpoints of ` +
        `${(median(saved) / 1e6).toFixed(2)} MB each time\n` +
        `  wall time       ${summary(ratios.map((ratio) => ratio.wall))}\n` +
        `  processor time  ${summary(ratios.map(({ processor }) => processor))}`,
    );
  }
} finally {
  await session.close();
}
