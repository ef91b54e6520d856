/** Other libraries that do the same work: loaded with `--peers` only. */

import type { Engine } from "./engine.ts";
import { jaxJsWasm, jaxJsWebgpu } from "./jax-js.ts";
import { tfjsWasm, tfjsWebgpu } from "./tfjs.ts";

export const peers: readonly Engine[] = [jaxJsWebgpu, jaxJsWasm, tfjsWebgpu, tfjsWasm];
