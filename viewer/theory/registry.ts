import { depth } from "./depth.ts";
import { earlyStopping } from "./early-stopping.ts";
import type { Explanation } from "./explanation.ts";
import { fourthPower } from "./fourth-power.ts";
import { fromL2ToL1 } from "./from-l2-to-l1.ts";
import { linearization } from "./linearization.ts";
import { outputScale } from "./output-scale.ts";

/** Every explanation, in the order of the page. A new one is one file and one line here. */
export const explanations: readonly Explanation[] = [
  linearization,
  fourthPower,
  fromL2ToL1,
  depth,
  earlyStopping,
  outputScale,
];
