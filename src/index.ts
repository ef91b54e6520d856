/**
 * The library: an experiment's document is read and checked, its runs are trained on WebGPU, and what they recorded is held as
 * tables and arrays. Runs in pages and in Node.
 *
 * ```js
 * import { readExperiment, trainInMemory } from "alphasweep";
 *
 * const experiment = readExperiment({
 *   data: { kind: "linear-uniform", samples: 10, dimension: 20 },
 *   model: { kind: "diagonal", depth: 2 },
 *   train: { stepSize: 1e-3, epochs: 1000 },
 *   record: { every: 10, quantities: ["loss", "ntk_drift"], arrays: [] },
 *   sweep: [{ path: "init.alpha", logspace: [-2, 0, 9] }],
 * }, "mine");
 * const { runs, history } = await trainInMemory(experiment, { gpu: navigator.gpu });
 * ```
 *
 * @packageDocumentation
 */

/// <reference types="@webgpu/types" preserve="true" />

export { readExperiment, parseExperiment } from "./experiment/experiment.ts";
export { experimentJsonSchema } from "./experiment/json-schema.ts";
export { DocumentError } from "./document/error.ts";
export type {
  ArrayName,
  DataSpecification,
  Experiment,
  Json,
  ModelSpecification,
  Run,
  RunSpecification,
  Search,
  SweepAxis,
} from "./document/types.ts";
export type { Column, Table } from "./document/table.ts";

export {
  checkExperiment,
  type EngineOptions,
  type EngineReport,
  type Files,
  openDevice,
  runExperiment,
  tuneExperiment,
} from "./engine.ts";
export { type AdapterChoice, AdapterError, type AdapterReport } from "./gpu/adapter.ts";
export { type Device, DeviceLostError } from "./gpu/device.ts";
export type {
  AddedRun,
  BlockArrays,
  EndBlock,
  Progress,
  RecordBlock,
  RunStatus,
  Sink,
} from "./scheduler/sink.ts";
export { type Prediction, predict } from "./prediction.ts";
export { catalogue as quantities, type QuantityKind, type QuantityName } from "./quantities/catalogue.ts";
export { type ArrayKind, arrayKinds as arrays } from "./quantities/arrays.ts";

export { fetchResults } from "./results/fetch.ts";
export { type InMemoryOptions, trainInMemory } from "./results/in-memory.ts";
export { type MemoryOptions, MemorySink } from "./results/memory-sink.ts";
export { parseManifest } from "./results/manifest.ts";
export type { DenseArray, Manifest, Results } from "./results/types.ts";

export * as theory from "./theory/index.ts";
