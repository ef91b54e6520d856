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

export const reportAdapter = (_adapter: GPUAdapter): AdapterReport => {
  throw new Error("reportAdapter: not there yet");
};
