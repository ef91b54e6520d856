import { Command } from "commander";
import { UsageError } from "./failure.ts";
import { runtimeOption } from "./runtime-option.ts";
import { type TuningChoice, tuningOption } from "./tuning-option.ts";
import type { Runtime } from "./trainer.ts";

/** What `alphasweep bench` is asked for. */
export interface BenchOptions {
  workload: string[];
  peers: boolean;
  json?: string;
  runtime: Runtime;
  tuning: TuningChoice;
}

/** The benchmark, once there is one; `import.meta.glob` finds nothing where there is no file. */
const benchmark = import.meta.glob<{ bench: (options: BenchOptions) => Promise<void> }>(
  "../../bench/command.ts",
);

const collect = (id: string, ids: string[]): string[] => [...ids, id];

export const benchCommand = (): Command =>
  new Command("bench")
    .description("measure run-steps per second, checked against float64")
    .option("--workload <id>", "only this workload; may be repeated", collect, [])
    .option("--peers", "measure other libraries on the same work too", false)
    .option("--json <file>", "write the rows as JSON")
    .addOption(runtimeOption("measure"))
    .addOption(tuningOption())
    .addHelpText("after", "\nExamples:\n  alphasweep bench\n  alphasweep bench --peers --json bench.json")
    .action(async (options: BenchOptions) => {
      const [load] = Object.values(benchmark);
      if (!load) throw new UsageError("bench comes in a later version");
      const { bench } = await load();
      await bench(options);
    });
