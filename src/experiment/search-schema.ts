/** How a search is written: a quantity that crosses a threshold, or that leaves its best over a grid. */

import * as v from "valibot";
import { quantityNames } from "../quantities/catalogue.ts";
import { spacings } from "./axes.ts";
import { field } from "../document/field.ts";
import type { SearchSpecification } from "../document/types.ts";

const positive = v.pipe(v.number(), v.gtValue(0));

/** Finer than this no probe tells apart, coarser than this nothing is bracketed. */
const ratios = { least: 1.001, most: 2 };
const mostTrials = 10_000;

const searched = {
  path: field(
    'The number that is searched over, such as "data.samples".',
    'a path names a number of the document, such as "data.samples"',
    v.string(),
  ),
  quantity: v.pipe(
    v.picklist(quantityNames),
    v.description("The quantity whose mean over the trials, at the end of training, decides."),
  ),
  trials: v.optional(
    field(
      "Runs at every probed value, each with seeds of its own; they are trained together.",
      `trials are a whole number from 2 to ${mostTrials}`,
      v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(mostTrials)),
    ),
    20,
  ),
  seeds: v.exactOptional(
    field(
      "The seeds that every trial has for itself; all that the document has where they are left out.",
      'seeds are a list of at least one of "data.seed", "init.seed" and "train.seed"',
      v.pipe(v.array(v.string()), v.nonEmpty()),
    ),
  ),
};

const between = field(
  "[lowest, highest]: the range of the search, which doubles the value from its lower end.",
  'a search runs "between" two positive numbers to "atLeast" or "atMost" a threshold, or over "values" to "withinFactor" of the best',
  v.strictTuple([positive, positive]),
);
const ratio = v.optional(
  field(
    "The last bracket's upper end over its lower end, at most.",
    `a ratio is a number from ${ratios.least} to ${ratios.most}`,
    v.pipe(v.number(), v.minValue(ratios.least), v.maxValue(ratios.most)),
  ),
  1.05,
);

const rising = v.strictObject({
  ...searched,
  between,
  atLeast: field(
    "Finds the smallest value whose mean is at least this.",
    'a threshold is a number, as "atLeast" or as "atMost"',
    v.number(),
  ),
  ratio,
});

const falling = v.strictObject({
  ...searched,
  between,
  atMost: field(
    "Finds the smallest value whose mean is at most this.",
    "a threshold is a number",
    v.number(),
  ),
  ratio,
});

const withinFactor = field(
  "Finds the largest value whose mean is within this factor of the best mean; an accuracy counts as its error, 1 - accuracy.",
  "a factor is a number above 1",
  v.pipe(v.number(), v.gtValue(1)),
);

const [listed, logarithmic, linear, range] = spacings;

export const searchSchema = v.union(
  [
    rising,
    falling,
    v.strictObject({ ...listed.entries, ...searched, withinFactor }),
    v.strictObject({ ...logarithmic.entries, ...searched, withinFactor }),
    v.strictObject({ ...linear.entries, ...searched, withinFactor }),
    v.strictObject({ ...range.entries, ...searched, withinFactor }),
  ],
  'a search is {"path", "between", "quantity", "atLeast" or "atMost"}, or {"path", "values", "quantity", "withinFactor"}',
);

export type WrittenSearch = v.InferOutput<typeof searchSchema>;

// The types say the same, but for the seeds, which are known once the document is.
const writtenIsASpecification = (written: WrittenSearch, seeds: string[]): SearchSpecification => ({
  ...written,
  seeds,
});
void writtenIsASpecification;
