/** `auto`: hardware, else software, and the report says which. */
export type AdapterChoice = "auto" | "hardware" | "software";

export interface AdapterReport {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  /** True for a CPU implementation (SwiftShader, lavapipe). */
  software: boolean;
  features: string[];
  limits: Record<string, number>;
}

/** There is no WebGPU here, or no adapter of the kind asked for. The command exits with 3. */
export class AdapterError extends Error {
  override name = "AdapterError";
}

/** Whether an adapter of this name computes on the CPU. */
export const isSoftware = (name: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(name);

/** What compiles the kernels: Chrome's SwiftShader, LLVM (lavapipe), or a GPU's driver. */
export type AdapterFamily = "swiftshader" | "llvm" | "gpu";

/** SwiftShader alone rounds every operation as it is written: others may fuse a multiplication and an addition. */
export function adapterFamily(adapter: AdapterReport): AdapterFamily {
  if (!adapter.software) return "gpu";
  const { vendor, architecture, device, description } = adapter;
  return /llvm|lavapipe/i.test(`${vendor} ${architecture} ${device} ${description}`) ? "llvm" : "swiftshader";
}

/** What an adapter is, in plain values. */
export function reportAdapter(adapter: GPUAdapter): AdapterReport {
  const { vendor, architecture, device, description } = adapter.info;
  const fallback = (adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false;
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value = (adapter.limits as unknown as Record<string, unknown>)[name];
    if (typeof value === "number") limits[name] = value;
  }
  return {
    vendor,
    architecture,
    device,
    description,
    software: fallback || isSoftware(`${vendor} ${architecture} ${device} ${description}`),
    features: [...adapter.features].sort(),
    limits,
  };
}

/**
 * Chooses an adapter. `auto` takes the first that the browser offers when it is hardware, else a software one.
 *
 * @throws AdapterError when there is none of the kind asked for
 */
export async function requestAdapter(gpu: GPU | undefined, choice: AdapterChoice): Promise<GPUAdapter> {
  if (!gpu) throw new AdapterError("this browser has no WebGPU (navigator.gpu is missing)");
  const preferred =
    (await gpu.requestAdapter({ powerPreference: "high-performance" })) ??
    (await gpu.requestAdapter({ forceFallbackAdapter: true }));
  if (!preferred) throw new AdapterError("WebGPU offers no adapter");
  const software = reportAdapter(preferred).software;
  if (choice === "hardware" && software)
    throw new AdapterError(
      `the only adapter is a software one (${preferred.info.description || preferred.info.vendor})`,
    );
  if (choice === "software" && !software) {
    const fallback = await gpu.requestAdapter({ forceFallbackAdapter: true });
    if (!fallback || !reportAdapter(fallback).software)
      throw new AdapterError("no software adapter is offered beside the hardware one");
    return fallback;
  }
  return preferred;
}
