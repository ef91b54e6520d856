/** What the manifest says of a training whose results stay in memory, in a page or in Node. */

import type { Experiment } from "../document/types.ts";
import type { EngineReport } from "../engine.ts";
import type { AdapterReport } from "../gpu/adapter.ts";
import type { Manifest } from "./types.ts";

const unknownAdapter: AdapterReport = {
  vendor: "",
  architecture: "",
  device: "",
  description: "",
  software: false,
  features: [],
  limits: {},
};

/** Of what has begun; the adapter is known when its device is open. */
export const startedManifest = (
  { name, document }: Experiment,
  warnings: string[],
  adapter = unknownAdapter,
): Manifest => ({
  format: 1,
  name,
  document,
  adapter,
  browser: runtimeName(),
  versions: {},
  seconds: 0,
  status: "running",
  warnings,
  kernels: {},
});

export const finishedManifest = (report: EngineReport): Partial<Manifest> => ({
  ...report,
  status: "finished",
});

/** "Chrome 156" or "Node.js 22", from what the runtime says of itself: Node 20 says nothing. */
const runtimeName = (): string =>
  /(Edg|Firefox|Chrome|Version|Node\.js)\/(\d+)/
    .exec(globalThis.navigator?.userAgent ?? `Node.js/${globalThis.process?.versions.node}`)
    ?.slice(1)
    .join(" ")
    .replace("Edg ", "Edge ")
    .replace("Version ", "Safari ") ?? "";
