/**
 * What needs Node's file system: results folders as the command writes them.
 *
 * @packageDocumentation
 */

export { readResults, readRuns } from "./results/read.ts";
export { ResultsWriter, type WriterOptions } from "./results/writer.ts";
