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
 * @param flags of Dawn's: the first call's hold
 * @throws AdapterError where the package is missing or does not load
 */
async function dawn(flags: readonly string[] = []): Promise<GPU> {
  if (keeper.alphasweepDawn) return keeper.alphasweepDawn;
  return (keeper.alphasweepDawn = (await load())([...flags]));
}

async function load(): Promise<(flags: string[]) => GPU> {
  try {
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    return create;
  } catch (error) {
    throw new AdapterError(`Dawn does not load (${explain(error)}); run "npm install webgpu"`);
  }
}

/**
 * A device of Dawn's.
 *
 * @param name a part of the adapter's name, or its number from 0, where it is not to be the first
 * @throws AdapterError where Dawn is missing, or has no adapter of the kind or name asked for
 */
export async function dawnDevice(adapter: AdapterChoice, name?: string): Promise<Device> {
  const gpu = await dawn(name === undefined ? [] : [`adapter=${await adapterCalled(name)}`]);
  try {
    return await openDevice({ gpu, adapter });
  } catch (error) {
    throw error instanceof AdapterError ? new AdapterError(`${error.message}; ${advice}`) : error;
  }
}

/** No adapter's name holds it: Dawn then lists those that it has. */
const nobody = "\u{1f50d}";

/** The whole name of an adapter, by a part of it or by number. */
async function adapterCalled(text: string): Promise<string> {
  const names = await adapterNames(await load());
  const found = /^\d+$/.test(text) ? names[Number(text)] : names.find((name) => name.includes(text));
  const listed = names.map((name, k) => `${k}: ${name}`).join(", ");
  if (found === undefined)
    throw new AdapterError(`there is no adapter "${text}"; there is ${listed || `none; ${advice}`}`);
  // Dawn takes the first whose name holds what it is told.
  if (names.filter((name) => name.includes(found)).length > 1)
    throw new AdapterError(
      `several adapters are called ${found}, and WebGPU cannot tell them apart (${listed}); hide the others from the process`,
    );
  return found;
}

async function adapterNames(create: (flags: string[]) => GPU): Promise<string[]> {
  try {
    await create([`adapter=${nobody}`]).requestAdapter();
    return [];
  } catch (error) {
    return Array.from((error as Error).message.matchAll(/name: '(.*)'$/gm), ([, name]) => name);
  }
}

/** What Dawn needs where it finds no adapter. */
const advice =
  "Dawn takes a Vulkan driver on Linux (libvulkan.so.1 and the driver's ICD file); --runtime chrome brings its own";
