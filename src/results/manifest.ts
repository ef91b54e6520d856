import * as v from "valibot";
import { formatPath } from "../document/path.ts";
import { oneLine } from "../document/shown.ts";
import type { Json } from "../document/types.ts";
import { utf8Text } from "../document/utf8-text.ts";
import { folderFiles } from "./folder-files.ts";
import type { Manifest } from "./types.ts";

/** Version of the folder's layout that this program writes and reads. */
export const folderFormat = 1;

const json = v.custom<Json>((value) => value !== undefined);
const kernelChoice = v.record(v.string(), v.union([v.number(), v.boolean()]));

const compared = {
  run: v.number(),
  compared: v.picklist(["predictor", "weights"]),
  gap: v.nullable(v.number()),
  bound: v.number(),
};
const guard = v.union([
  v.object({ run: v.number(), omitted: v.string() }),
  v.object({ ...compared, epochs: v.number() }),
  v.object({ ...compared, steps: v.number() }),
]);

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const shard = v.object({
  index: v.pipe(count, v.minValue(1)),
  count: v.pipe(count, v.minValue(1)),
  first: count,
  end: count,
  inputs: v.record(v.string(), v.string()),
  command: v.array(v.string()),
  bytes: v.optional(count),
  progress: v.optional(
    v.object({
      runs: v.number(),
      runsDone: v.number(),
      runSteps: v.number(),
      runStepsTotal: v.nullable(v.number()),
      seconds: v.number(),
    }),
  ),
});

const nuclearMinimum = v.object({
  run: count,
  nuclear: v.number(),
  gap: v.number(),
  effective_rank: v.number(),
  reconstruction_error: v.optional(v.number()),
});

const schema = v.object({
  format: v.literal(folderFormat),
  name: v.string(),
  document: json,
  adapter: v.object({
    vendor: v.string(),
    architecture: v.string(),
    device: v.string(),
    description: v.string(),
    software: v.boolean(),
    features: v.array(v.string()),
    limits: v.record(v.string(), v.number()),
  }),
  browser: v.string(),
  versions: v.record(v.string(), v.string()),
  date: v.optional(v.string()),
  commit: v.optional(v.string()),
  files: v.optional(v.record(v.string(), v.string())),
  data: v.optional(v.string()),
  seconds: v.number(),
  status: v.picklist(["running", "finished", "interrupted", "failed"]),
  warnings: v.array(v.string()),
  kernels: v.record(v.string(), kernelChoice),
  settled: v.optional(v.record(v.string(), v.string())),
  lines: v.optional(
    v.array(
      v.object({
        label: v.string(),
        x: v.string(),
        y: v.string(),
        points: v.array(v.tuple([v.number(), v.number()])),
      }),
    ),
  ),
  shard: v.optional(shard),
  guard: v.optional(guard),
  minimumNuclear: v.optional(v.array(nuclearMinimum)),
});

/**
 * Reads a manifest's bytes, which may come from anyone.
 *
 * @throws Error that says what is wrong, in one line
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const text = utf8Text(bytes);
  if (text === undefined) throw new Error(`${folderFiles.manifest} is not UTF-8 text`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${folderFiles.manifest} is not JSON`);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > folderFormat)
    throw new Error(
      `${folderFiles.manifest} has format ${format}; this version of alphasweep reads ${folderFormat}`,
    );
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => key as string | number);
  if (!path) throw new Error(`${folderFiles.manifest}: it is no object`);
  const found = issue.received === "undefined" ? "is missing" : `is ${oneLine(issue.received.slice(0, 80))}`;
  throw new Error(`${folderFiles.manifest}: ${formatPath(path)} ${found}`);
}
