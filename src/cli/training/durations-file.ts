/** How long trainings have taken, from one command to the next. */

import * as v from "valibot";
import { AdapterFile } from "../runtimes/adapter-file.ts";
import type { Say } from "../runtimes/browser.ts";

const file = new AdapterFile("durations.json", "durations");

/** Trainings of an adapter that are remembered, the latest. */
const most = 200;

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const schema = v.record(
  v.string(),
  v.object({
    seconds: positive,
    /** Updates of runs that were made; null where nobody knew before how many there are. */
    runSteps: v.nullable(positive),
    /** What as many were guessed to take by counting operations, in seconds. */
    guessed: v.nullable(positive),
    /** What kind of model was trained. */
    model: v.string(),
  }),
);

/** What trainings have taken, by what was trained: `workOf` in duration.ts. */
export type Durations = v.InferOutput<typeof schema>;

export function recallDurations(place: string, say: Say): Durations {
  const read = v.safeParse(schema, file.read(say)[place] ?? {});
  return read.success ? read.output : {};
}

export function rememberDuration(place: string, work: string, taken: Durations[string], say: Say): void {
  file.write(
    place,
    (known) => {
      const read = v.safeParse(schema, known);
      const { [work]: _, ...others } = read.success ? read.output : {};
      return Object.fromEntries([...Object.entries(others), [work, taken] as const].slice(-most));
    },
    say,
  );
}
