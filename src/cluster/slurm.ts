/** Batch scripts for Slurm: an array job that trains shards, and a job that merges them. */

export interface SlurmJob {
  name: string;
  /** The results folder, and where the jobs work. */
  folder: string;
  directory: string;
  /** Shell text of the commands: one that trains a shard, without `--shard`, and one that merges. */
  train: string;
  merge: string;
  count: number;
  /** Which shards, as sbatch takes them: 1-16, or 3,7. */
  array: string;
  /** The user's options of sbatch, as words. */
  options: readonly string[];
}

/** Seconds before a time limit at which a task keeps what it has and is queued again. */
const notice = 120;
/** How often a task that was killed is queued again. */
const mostRestarts = 3;

/** Trains one shard a task. */
export const trainScript = (job: SlurmJob): string => `#!/bin/bash
${directives([
  `--job-name=${wordOf(job.name)}`,
  `--chdir=${wordOf(job.directory)}`,
  `--output=${wordOf(`${job.folder}/shards/%a-of-${job.count}.log`)}`,
  "--open-mode=append",
  "--requeue",
  `--signal=B:USR1@${notice}`,
  ...optionLines(job.options),
  `--array=${job.array}`,
])}

# A lock that this task has left on a host that is gone is its own.
export ALPHASWEEP_TASK="slurm $SLURM_CLUSTER_NAME $SLURM_ARRAY_JOB_ID $SLURM_ARRAY_TASK_ID"
export ALPHASWEEP_ATTEMPT="\${SLURM_RESTART_COUNT:-0}"

${job.train} --shard "$SLURM_ARRAY_TASK_ID/${job.count}" --resume &
training=$!

# Cancelled or preempted: a checkpoint is kept, and whoever has stopped the task knows whether it is to start again.
trap 'interrupted=yes; kill -TERM $training' TERM INT
# The time limit is near: a checkpoint is kept, and the task goes on when it is its turn again.
trap 'interrupted=yes; late=yes; kill -TERM $training' USR1
while interrupted=; wait $training; ended=$?; [ $ended -eq 127 ] || code=$ended; [ "$interrupted" ]; do :; done

killed=
[ $code -gt 128 ] && [ $code -ne 130 ] && [ "$ALPHASWEEP_ATTEMPT" -lt ${mostRestarts} ] && killed=yes
if [ "$killed" ] || { [ "$late" ] && [ $code -eq 130 ]; }; then scontrol requeue "$SLURM_JOB_ID"; fi
exit $code
`;

/** Merges what an array job has trained. */
export const mergeScript = (job: SlurmJob): string => `#!/bin/bash
${directives([
  `--job-name=${wordOf(`${job.name}-merge`)}`,
  `--chdir=${wordOf(job.directory)}`,
  `--output=${wordOf(`${job.folder}/shards/merge.log`)}`,
  "--open-mode=append",
  "--kill-on-invalid-dep=yes",
  ...optionLines(job.options).filter((option) => !isOfTasks(option)),
])}

${job.merge}
`;

const directives = (options: readonly string[]): string =>
  options.map((option) => `#SBATCH ${option}`).join("\n");

/** Options as lines: a word that begins without a dash belongs to the one before. */
function optionLines(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    if (word.startsWith("-") || lines.length === 0) lines.push(wordOf(word));
    else lines[lines.length - 1] += ` ${wordOf(word)}`;
  }
  return lines;
}

/** Merging takes no GPU, and is one task. */
const isOfTasks = (option: string): boolean =>
  /^(-G|--(gres|gpu|cpus-per-gpu|mem-per-gpu|array|requeue|signal|dependency)|-a|-d)/.test(option);

/** Slurm takes a line apart at spaces, unless they are quoted. */
const wordOf = (word: string): string => (/[\s"'#]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word);
