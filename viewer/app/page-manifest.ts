/** What manifest.json says of a training in the page. */

import type { Experiment } from "../../src/document/types.ts";
import type { EngineReport } from "../../src/engine.ts";
import type { Manifest } from "../../src/results/types.ts";

/** Of what has begun; the adapter is known when its device is open. */
export const startedManifest = ({ name, document }: Experiment, warnings: string[]): Manifest => ({
  format: 1,
  name,
  document,
  adapter: {
    vendor: "",
    architecture: "",
    device: "",
    description: "",
    software: false,
    features: [],
    limits: {},
  },
  browser: browserName(),
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

/** "Chrome 156", from what the browser says of itself. */
const browserName = (): string =>
  /(Edg|Firefox|Chrome|Version)\/(\d+)/
    .exec(navigator.userAgent)
    ?.slice(1)
    .join(" ")
    .replace("Edg ", "Edge ")
    .replace("Version ", "Safari ") ?? "";
