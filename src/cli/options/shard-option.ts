import { Option } from "commander";
import { type Place } from "../../cluster/shards.ts";
import { UsageError } from "../process/failure.ts";

/** Array jobs that say which task this is: counted from 1 here, whatever they count from. */
const schedulers = [
  { index: "SLURM_ARRAY_TASK_ID", first: "SLURM_ARRAY_TASK_MIN", count: "SLURM_ARRAY_TASK_COUNT" },
  { index: "PBS_ARRAY_INDEX" },
  { index: "JOB_COMPLETION_INDEX", from: 0 },
] as const;

/** `--shard`: one part of a sweep. */
export const shardOption = (): Option =>
  new Option(
    "--shard <k/n>",
    "train the k-th of n parts of the sweep, counted from 1; auto/n takes k from the array job's environment, auto takes both",
  ).argParser((text) => parseShard(text, process.env));

/**
 * @returns which shard of how many
 * @throws UsageError
 */
export function parseShard(text: string, environment: NodeJS.ProcessEnv): Place {
  if (text === "auto") return placeOfTask(environment);
  const [, index, count] = /^(\d+|auto)\/(\d+)$/.exec(text) ?? [];
  if (count === undefined)
    throw new UsageError(`--shard is "${text}"; give it as 3/16, or as auto/16 or auto in an array job`);
  const place = { index: index === "auto" ? taskOf(environment).index : Number(index), count: Number(count) };
  if (!isPlace(place)) {
    const name = index === "auto" ? `${taskOf(environment).name} makes it ${place.index}` : `it is ${text}`;
    throw new UsageError(`--shard: ${name}; shards of ${count} are counted from 1 to ${count}`);
  }
  return place;
}

const isPlace = ({ index, count }: Place): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count;

function taskOf(environment: NodeJS.ProcessEnv): { name: string; index: number } {
  for (const { index: name, ...scheduler } of schedulers) {
    const value = environment[name];
    if (value !== undefined && value !== "")
      return { name, index: Number(value) + ("from" in scheduler ? 1 - scheduler.from : 0) };
  }
  throw new UsageError(
    `--shard auto needs the environment of an array job (${schedulers.map(({ index }) => index).join(", ")}); none is set`,
  );
}

/** Where the scheduler says how many tasks there are: Slurm alone does, and its tasks may begin anywhere. */
function placeOfTask(environment: NodeJS.ProcessEnv): Place {
  const { name } = taskOf(environment);
  const [slurm] = schedulers;
  const [first, count] = [Number(environment[slurm.first]), Number(environment[slurm.count])];
  const place = { index: Number(environment[slurm.index]) - first + 1, count };
  if (name !== slurm.index || !isPlace(place))
    throw new UsageError(`--shard auto: ${name} does not say how many tasks there are; give --shard auto/16`);
  return place;
}
