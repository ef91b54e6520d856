/** Other libraries that do the same work in Node: loaded with `--peers` only. */

import type { Engine } from "./engine.ts";
import { jaxJsWasm, jaxJsWebgpu } from "./jax-js.ts";
import { numpy } from "./numpy.ts";
import { tfjsWasm } from "./tfjs-wasm-node.ts";
import { tfjsWebgpu } from "./tfjs-webgpu.ts";

export const peers: readonly Engine[] = [jaxJsWebgpu, jaxJsWasm, tfjsWebgpu, tfjsWasm, numpy];
