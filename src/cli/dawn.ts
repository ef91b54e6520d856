/** WebGPU without a browser: Dawn, in this process. */

import { AdapterError } from "../gpu/adapter.ts";
import { explain } from "./failure.ts";

/** Dawn crashes when what `create` gives is collected while a device lives; a module's variable may be. */
const keeper = globalThis as { alphasweepDawn?: GPU };

/**
 * Dawn's `gpu`, with WebGPU's constants as globals, as the engine expects them.
 *
 * @throws AdapterError where the package is missing or does not load
 */
export async function dawn(): Promise<GPU> {
  if (keeper.alphasweepDawn) return keeper.alphasweepDawn;
  try {
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    return (keeper.alphasweepDawn = create([]));
  } catch (error) {
    throw new AdapterError(`Dawn does not load (${explain(error)}); run "npm install webgpu"`);
  }
}

/** What Dawn needs where it finds no adapter. */
export const dawnAdvice =
  "Dawn takes a Vulkan driver on Linux (libvulkan.so.1 and the driver's ICD file); --runtime chrome brings its own";
