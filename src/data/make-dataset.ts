import type { DataSpecification } from "../document/types.ts";
import type { Dataset } from "./dataset.ts";
import type { Files, Generate } from "./kind.ts";
import { prepared } from "./prepared.ts";
import { dataShape } from "./registry.ts";

/**
 * A run's data, whose sizes are checked first, and whose inputs are what the document makes of them.
 *
 * @throws DocumentError naming the JSON path or the file
 */
export function makeDataset(generate: Generate, specification: DataSpecification, files: Files): Dataset {
  dataShape(specification);
  return prepared(generate(specification, files), specification);
}
