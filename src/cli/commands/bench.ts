import { Command, InvalidArgumentError } from "commander";
import { adapterOption } from "../options/adapter-option.ts";
import { runtimeOption } from "../options/runtime-option.ts";
import { type TuningChoice, tuningOption } from "../options/tuning-option.ts";
import type { Runtime } from "../runtimes/trainer.ts";

/** What `alphasweep bench` is asked for. */
export interface BenchOptions {
  workload: string[];
  /** Every number of runs, where none is named. */
  all?: true;
  runs?: number[];
  peers: boolean;
  /** Time the dispatches of a step, too. */
  profile?: true;
  json?: string;
  adapter?: string;
  runtime: Runtime;
  tuning: TuningChoice;
}

const collect = (id: string, ids: string[]): string[] => [...ids, id];

function collectCount(text: string, counts: number[] = []): number[] {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1.");
  return [...counts, Number(text)];
}

export const benchCommand = (): Command =>
  new Command("bench")
    .description("measure run-steps per second, checked against float64")
    .option("--workload <id>", "only this workload, at every number of runs; may be repeated", collect, [])
    .option("--all", "every workload at every number of runs, instead of once: half an hour and more")
    .option("--runs <count>", "only this number of runs; may be repeated", collectCount)
    .option("--peers", "measure other libraries on the same work too", false)
    .option(
      "--profile",
      "also what a step is made of: each of its dispatches by itself, with standard kernels",
    )
    .option("--json <file>", "write the rows as JSON")
    .addOption(adapterOption())
    .addOption(runtimeOption("measure"))
    .addOption(tuningOption())
    .addHelpText(
      "after",
      "\nExamples:\n  alphasweep bench\n  alphasweep bench --workload relu-200x20x10\n  alphasweep bench --peers --json bench.json\n  alphasweep bench --runtime node --adapter llvmpipe --peers --runs 64",
    )
    .action(async (options: BenchOptions) => {
      const { bench } = await import("../../../bench/command.ts");
      await bench(options);
    });
