/** The page that measures for the command, in headless Chrome. */

import { type Bench, benchOn } from "./bench.ts";

declare global {
  interface Window {
    alphasweepBench: Bench;
  }
}

window.alphasweepBench = benchOn(navigator.gpu);
