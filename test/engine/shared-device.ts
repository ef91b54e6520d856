import { openDevice } from "../../src/engine.ts";
import type { Device } from "../../src/gpu/device.ts";

let shared: Promise<Device> | undefined;

/** One device for all tests: a software adapter takes longer to compile most kernels than to run them. */
export const sharedDevice = (): Promise<Device> => (shared ??= openDevice({ gpu: navigator.gpu }));
