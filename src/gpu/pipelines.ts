import { type BindingKind, type Kernel, type Overrides, specialised } from "../wgsl/kernel.ts";

export interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

const LAYOUTS: Record<BindingKind, GPUBufferBindingLayout> = {
  uniform: { type: "uniform" },
  step: { type: "uniform", hasDynamicOffset: true },
  read: { type: "read-only-storage" },
  "read-write": { type: "storage" },
};

/** Compiles each kernel once a set of overrides, with explicit bind group layouts. */
export class PipelineCache {
  readonly #modules = new Map<string, Promise<GPUShaderModule>>();
  readonly #pipelines = new Map<string, Promise<Pipeline>>();

  constructor(readonly gpu: GPUDevice) {}

  /** @throws Error naming file, line and column of what the compiler refused */
  get(kernel: Kernel, overrides: Overrides = {}): Promise<Pipeline> {
    const key = `${kernel.file}#${kernel.entry} ${JSON.stringify(overrides)}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) this.#pipelines.set(key, (pipeline = this.#compile(kernel, overrides, key)));
    return pipeline;
  }

  async #compile(kernel: Kernel, overrides: Overrides, label: string): Promise<Pipeline> {
    const module = await this.#module(kernel, overrides);
    const layout = this.gpu.createBindGroupLayout({
      label,
      entries: Object.values(kernel.bindings).map((kind, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: LAYOUTS[kind],
      })),
    });
    const pipeline = await this.gpu.createComputePipelineAsync({
      label,
      layout: this.gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: kernel.entry, constants: overridesOf(kernel, overrides) },
    });
    return { pipeline, layout };
  }

  #module(kernel: Kernel, overrides: Overrides): Promise<GPUShaderModule> {
    const { file, skeleton = [], constants } = kernel;
    const key = [file, ...skeleton, ...constants.map((name) => Number(overrides[name]))].join(" ");
    let module = this.#modules.get(key);
    if (!module)
      this.#modules.set(key, (module = compileModule(this.gpu, kernel, specialised(kernel, overrides))));
    return module;
  }
}

async function compileModule(gpu: GPUDevice, kernel: Kernel, code: string): Promise<GPUShaderModule> {
  gpu.pushErrorScope("validation");
  const module = gpu.createShaderModule({ label: kernel.file, code });
  const [info] = await Promise.all([module.getCompilationInfo(), gpu.popErrorScope()]);
  const errors = info.messages.filter((message) => message.type === "error");
  if (errors.length > 0) {
    const lines = code.split("\n");
    throw new Error(
      errors
        .map((error) => {
          const source = lines[error.lineNum - 1]?.trim() ?? "";
          const { file, line } = kernel.origins[error.lineNum - 1] ?? {
            file: kernel.file,
            line: error.lineNum,
          };
          return `${file}:${line}:${error.linePos}: ${error.message}\n    ${source}`;
        })
        .join("\n"),
    );
  }
  return module;
}

const overridesOf = ({ constants }: Kernel, overrides: Overrides): Record<string, number> =>
  Object.fromEntries(
    Object.entries(overrides)
      .filter(([name]) => !constants.includes(name))
      .map(([name, value]) => [name, Number(value)]),
  );
