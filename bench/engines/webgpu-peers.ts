/** Other libraries on the adapter that the engine has: loaded where somebody asks for them. */

import type { Engine } from "./engine.ts";
import { jaxJsWebgpu } from "./jax-js.ts";
import { tfjsWebgpu } from "./tfjs-webgpu.ts";

export const webgpuPeers: readonly Engine[] = [jaxJsWebgpu, tfjsWebgpu];
