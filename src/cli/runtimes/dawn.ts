/** WebGPU without a browser: Dawn, in this process. */

import { availableParallelism } from "node:os";
import { openDevice } from "../../engine.ts";
import { type AdapterChoice, AdapterError } from "../../gpu/adapter.ts";
import type { Device } from "../../gpu/device.ts";
import { adapterCalled, dawnAdapters } from "./dawn-adapters.ts";
import { explain } from "../process/failure.ts";
import { stepBack } from "./priority.ts";
import { silently } from "./silence.ts";

/** Dawn crashes when what `create` gives is collected while a device lives; what a global holds is not. By flags. */
const keeper = globalThis as { alphasweepDawn?: Map<string, GPU> };

/**
 * Dawn's `gpu`, with WebGPU's constants as globals, as the engine expects them.
 *
 * @param flags of Dawn's
 * @throws AdapterError where the package is missing or does not load
 */
async function dawn(flags: readonly string[] = []): Promise<GPU> {
  const kept = (keeper.alphasweepDawn ??= new Map());
  const name = flags.join(" ");
  if (!kept.has(name)) kept.set(name, (await load())([...flags]));
  return kept.get(name)!;
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
 * A device of Dawn's. What Dawn says itself of drivers is for `alphasweep doctor` to tell, or for whoever is `verbose`.
 *
 * @param name a part of the adapter's name, or its number from 0, where it is not to be the first
 * @throws AdapterError where Dawn is missing, or has no adapter of the kind or name asked for
 */
export async function dawnDevice(adapter: AdapterChoice, name?: string, verbose = false): Promise<Device> {
  const gpu = await gpuOf(name);
  try {
    const open = () => openDevice({ gpu, adapter });
    const device = await (verbose ? open() : silently(open));
    if (device.adapter.software) stepBack();
    return device;
  } catch (error) {
    throw error instanceof AdapterError ? new AdapterError(`${error.message}; ${advice}`) : error;
  }
}

/** Puts the adapter where other libraries look for that of a browser. */
export async function offerGpu(name?: string): Promise<void> {
  const gpu = await gpuOf(name);
  const navigator = {
    ...globalThis.navigator,
    gpu,
    hardwareConcurrency: availableParallelism(),
    userAgent: "Node",
  };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

const gpuOf = async (name?: string): Promise<GPU> =>
  dawn(name === undefined ? [] : [`adapter=${await wholeName(name)}`]);

/** The whole name of an adapter, which Dawn is to be told. */
async function wholeName(text: string): Promise<string> {
  const { names } = await dawnAdapters();
  const found = adapterCalled(text, names);
  const listed = names.map((name, k) => `${k}: ${name}`).join(", ");
  if (found === undefined)
    throw new AdapterError(
      `there is no adapter "${text}"; there is ${listed ? `${listed}; or "auto", "hardware", "software"` : `none; ${advice}`}`,
    );
  // Dawn takes the first whose name holds what it is told.
  if (names.filter((name) => name.includes(found)).length > 1)
    throw new AdapterError(
      `several adapters are called ${found}, and WebGPU cannot tell them apart (${listed}); hide the others from the process`,
    );
  return found;
}

/** What Dawn needs where it finds no adapter. */
const advice =
  "Dawn takes a Vulkan driver on Linux (libvulkan.so.1 and the driver's ICD file); --runtime chrome brings its own";
