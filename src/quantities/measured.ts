import type { ArrayName } from "../document/types.ts";
import type { Measurable } from "../models/measurable.ts";
import type { CohortContext } from "../models/model.ts";
import type { Finish } from "../plan/recorder.ts";
import type { QuantityName } from "./catalogue.ts";

/** What a record is taken with: the model provides whatever the quantities and arrays asked for need. */
export interface Measured {
  context: CohortContext;
  model: Measurable;
  quantities: readonly QuantityName[];
  arrays: readonly ArrayName[];
}

/** Adds to the record what a quantity takes, and says how its raw columns make its value. */
export type Measure = (measured: Measured) => Finish | Promise<Finish>;
