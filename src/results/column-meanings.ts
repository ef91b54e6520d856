/** What the columns of results mean, for whoever reads a table without this program: they travel in the table's own metadata. */

import { isObject } from "../document/path.ts";
import type { Json } from "../document/types.ts";
import { catalogue, type QuantityName } from "../quantities/catalogue.ts";

export interface ColumnMeaning {
  /** Plain words. */
  title: string;
  /** The field's symbol, where it has one. */
  symbol?: string;
  /** "1" where it has none: models and losses know no metres. */
  unit: string;
}

/** Symbols of what is swept most. */
const symbols: Record<string, string> = {
  "init.alpha": "α",
  "train.stepSize": "η",
  "data.samples": "N",
  "model.depth": "D",
};

/**
 * The meaning of each column, by its name.
 *
 * @param names of a table of results; those that nothing is known of are left out
 * @param document whose training method says what an epoch is
 */
export function columnMeanings(names: readonly string[], document: Json): Record<string, ColumnMeaning> {
  const train = isObject(document) ? document.train : undefined;
  const isFlow = isObject(train) && train.method === "gradient-flow";
  const epoch = isFlow ? "accepted step of the flow" : "pass over the training set";
  const known: Record<string, ColumnMeaning> = {
    run: { title: "Number of the run, from 0: of the sweep's product, the last axis fastest", unit: "1" },
    status: { title: 'How the run ended: "converged", "finished" or "diverged"', unit: "1" },
    epoch: { title: "Where the record was taken", unit: epoch },
    epochs: { title: "How far the run was trained", unit: epoch },
    time: {
      title: isFlow ? "Time of the flow" : "Sum of the step sizes of all updates",
      symbol: "t",
      unit: "1",
    },
  };
  return Object.fromEntries(
    names.flatMap((name): [string, ColumnMeaning][] => {
      if (Object.hasOwn(known, name)) return [[name, known[name]]];
      if (name.includes(".")) {
        const symbol = symbols[name];
        return [
          [
            name,
            { title: `Set by the sweep: ${name} of the document`, ...(symbol && { symbol }), unit: "1" },
          ],
        ];
      }
      if (!Object.hasOwn(catalogue, name)) return [];
      const { title, symbol } = catalogue[name as QuantityName];
      return [[name, { title, symbol, unit: "1" }]];
    }),
  );
}
