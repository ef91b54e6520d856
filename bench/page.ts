/** The page that measures for the command, in headless Chrome. */

import { openDevice } from "../src/engine.ts";
import { type Bench, benchOn } from "./bench.ts";

declare global {
  interface Window {
    alphasweepBench: Bench;
  }
}

window.alphasweepBench = benchOn(
  (adapter) => openDevice({ gpu: navigator.gpu, adapter }),
  () => import("./engines/peers.ts"),
);
