/** WebGPU without a browser: Dawn, in this process. */

import { openDevice } from "../engine.ts";
import { type AdapterChoice, AdapterError } from "../gpu/adapter.ts";
import type { Device } from "../gpu/device.ts";
import { explain } from "./failure.ts";

/** Dawn crashes when what `create` gives is collected while a device lives; a module's variable may be. */
const keeper = globalThis as { alphasweepDawn?: GPU };

/**
 * Dawn's `gpu`, with WebGPU's constants as globals, as the engine expects them.
 *
 * @throws AdapterError where the package is missing or does not load
 */
async function dawn(): Promise<GPU> {
  if (keeper.alphasweepDawn) return keeper.alphasweepDawn;
  try {
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    return (keeper.alphasweepDawn = create([]));
  } catch (error) {
    throw new AdapterError(`Dawn does not load (${explain(error)}); run "npm install webgpu"`);
  }
}

/**
 * A device of Dawn's.
 *
 * @throws AdapterError where Dawn is missing, or has no adapter of the kind asked for
 */
export async function dawnDevice(adapter: AdapterChoice): Promise<Device> {
  const gpu = await dawn();
  try {
    return await openDevice({ gpu, adapter });
  } catch (error) {
    throw error instanceof AdapterError ? new AdapterError(`${error.message}; ${advice}`) : error;
  }
}

/** What Dawn needs where it finds no adapter. */
const advice =
  "Dawn takes a Vulkan driver on Linux (libvulkan.so.1 and the driver's ICD file); --runtime chrome brings its own";
