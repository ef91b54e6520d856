/** Minimum nuclear norms beside a page's own work: takes a problem, answers with its solution or with what is wrong. */

import { minimumNuclear } from "./minimum-nuclear.ts";

addEventListener("message", ({ data }: MessageEvent<Parameters<typeof minimumNuclear>[0]>) => {
  try {
    postMessage({ solution: minimumNuclear(data) });
  } catch (error) {
    postMessage({ problem: String(error instanceof Error ? error.message : error) });
  }
});
