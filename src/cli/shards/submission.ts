/** What `submit` does: scripts, and sbatch. */

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubernetesManifest } from "../../cluster/kubernetes.ts";
import { findShards, ranges, refuseOtherCount } from "../../cluster/shards.ts";
import { mergeScript, type SlurmJob, trainScript } from "../../cluster/slurm.ts";
import { rememberJob } from "../../cluster/submitted-jobs.ts";
import { defaultFolder, folderFiles, makeFolder } from "../../results/folder.ts";
import { wantedAdapter } from "../options/adapter-option.ts";
import type { TuningChoice } from "../options/tuning-option.ts";
import type { RuntimeChoice } from "../runtimes/trainer.ts";
import { commandText, shellText, trainingWords } from "../options/command-text.ts";
import type { Assignment } from "../experiment/assignment.ts";
import { openExperiment } from "../experiment/experiment-file.ts";
import { UsageError } from "../process/failure.ts";
import { packageRoot } from "../process/package-root.ts";
import { isMergedWith, refuseTooMany } from "../training/shard.ts";

export interface SubmitOptions {
  tasks: number;
  out?: string;
  set: Assignment[];
  csv: boolean;
  adapter: string;
  runtime: RuntimeChoice;
  tuning: TuningChoice;
  /** `true` where the option has no word. */
  print?: true | "slurm" | "kubernetes";
  image: string;
  gpu: string;
  claim: string;
}

/**
 * @param words options of sbatch
 * @throws UsageError or DocumentError before anything is written; Error where sbatch fails
 */
export async function submit(
  argument: string,
  words: readonly string[],
  options: SubmitOptions,
): Promise<void> {
  const { tasks: count, csv } = options;
  wantedAdapter(options.adapter, options.runtime);
  const opened = await openExperiment(argument, options.set);
  const { name } = opened.experiment;
  const folder = options.out ?? defaultFolder(name);
  refuseTooMany(opened, count);
  refuseOtherCount(folder, { index: 1, count });
  if (isMergedWith(folder, opened)) return console.error(`${folder} is merged already`);
  const train = trainingWords(argument, folder, options);
  const merge = ["merge", folder, ...(csv ? ["--csv"] : [])];
  if (options.print === "kubernetes") {
    const { image, gpu, claim } = options;
    const commands = { train: ["alphasweep", ...train], merge: ["alphasweep", ...merge] };
    const manifest = kubernetesManifest({ name, image, gpu, claim, count, ...commands });
    return console.log(JSON.stringify(manifest, null, 2));
  }
  const done = findShards(folder).flatMap(({ index, manifest }) =>
    manifest?.status === "finished" ? index : [],
  );
  const rest = Array.from({ length: count }, (_, k) => k + 1).filter((index) => !done.includes(index));
  const program = [process.execPath, join(packageRoot, "bin", "alphasweep.js")];
  const job: SlurmJob = {
    name,
    folder,
    directory: process.cwd(),
    train: shellText([...program, ...train]),
    merge: shellText([...program, ...merge]),
    count,
    array: ranges(rest).join(","),
    options: words,
  };
  if (rest.length > 0) console.log(trainScript(job));
  console.log(mergeScript(job));
  if (options.print) return;

  makeFolder(join(folder, folderFiles.shards));
  const array = rest.length > 0 ? sbatch(folder, "train", trainScript(job)) : undefined;
  if (array !== undefined) rememberJob(folder, array);
  const merging = sbatch(folder, "merge", mergeScript(job), array && `--dependency=afterok:${array}`);
  console.error(
    `${array === undefined ? "all shards are trained" : `job ${array} trains ${rest.length} of ${count} shards`}, ` +
      `job ${merging} merges them; how far they are: ${commandText(["status", folder])}`,
  );
}

/** @returns the job's number */
function sbatch(folder: string, name: string, script: string, ...options: (string | undefined)[]): string {
  const path = join(folder, folderFiles.shards, `${name}.sbatch`);
  mkdirSync(join(folder, folderFiles.shards), { recursive: true });
  writeFileSync(path, script);
  const words = ["--parsable", ...options.filter((option) => option !== undefined), path];
  const { error, status, stdout, stderr } = spawnSync("sbatch", words, { encoding: "utf8" });
  if (error)
    throw new UsageError("there is no sbatch here; submit where Slurm is, or see the script with --print");
  const job = /^\d+/.exec(stdout.trim())?.[0];
  if (status !== 0 || job === undefined)
    throw new Error(`sbatch has refused ${path}: ${stderr.trim() || stdout.trim()}`);
  return job;
}
