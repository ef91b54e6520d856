import * as v from "valibot";
import { maxSeed } from "./stream.ts";

/** A seed in a document: one word of a stream's key. */
export const seedSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(maxSeed),
  v.description("Seed of the random streams: the same seed means the same numbers on every machine."),
);
