import type { Device } from "../gpu/device.ts";
import { type Choice, type Variant, variantsOf } from "../kernels/choice.ts";
import type { Kernel, Overrides, Shape } from "../kernels/kernel.ts";
import { SLOTS, SLOT_BYTES, STEP_BYTES } from "./clock.ts";

/** A variant, compiled and bound. */
interface Bound extends Variant {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
}

/** One dispatch of a plan: everything bound and compiled before training begins. */
export interface Dispatch extends Bound {
  /** Which slot of the clock it reads: the step's own, that of the whole test set, or none. */
  slot: "step" | "test" | "none";
  /** The buffers that it may write. */
  writes: GPUBuffer[];
  /** Every way to do its work, the plain one first; one alone where there is no choice. */
  variants: readonly Variant[];
  /** Does its work in another of these ways from now on. */
  take(variant: Variant): Promise<void>;
  /** Workgroups, recomputed when runs drop out. */
  grid: [number, number, number];
  /** Sets `grid` from the plan's sizes as they are now. */
  resize(): void;
  /** Multiplications and additions, of a plan of these sizes. */
  flops(plan: Shape): number;
}

/** The kernel variants of a plan, by shader and entry point. */
export type Kernels = Record<string, Overrides>;

export interface DispatchOptions {
  params?: Record<string, number>;
  /** What every variant is specialised by. */
  overrides?: Overrides;
  /** By variable: a buffer, or a part of one at an offset of a multiple of 256 bytes. */
  bind: Record<string, GPUBuffer | GPUBufferBinding>;
  /** Sizes of this dispatch, over the plan's own; asked for again when runs drop out. */
  shape?: (plan: Shape) => Shape;
  /** Reads the test set's slot instead of the step's. */
  test?: boolean;
}

/** Allocates a plan's buffers and compiles its dispatches; nothing is allocated after it. */
export class Planner {
  /** Sizes that grids depend on; changed when runs drop out, followed by `resize`. */
  readonly shape: Shape;
  readonly clock: GPUBuffer;
  readonly dispatches: Dispatch[] = [];
  /** What checkpoints leave out. */
  readonly scratch = new Set<GPUBuffer>();
  readonly #buffers: GPUBuffer[] = [];
  #released = false;

  constructor(
    readonly device: Device,
    shape: Shape,
  ) {
    this.shape = { ...shape };
    this.clock = this.buffer("clock", SLOTS * SLOT_BYTES, GPUBufferUsage.UNIFORM);
  }

  /** A buffer of the plan's, zeroed; storage by default. */
  buffer(label: string, bytes: number, usage: GPUBufferUsageFlags = GPUBufferUsage.STORAGE): GPUBuffer {
    const buffer = this.device.buffer(
      label,
      bytes,
      usage | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    );
    if (this.#released) this.device.release(buffer);
    else this.#buffers.push(buffer);
    return buffer;
  }

  /** A storage buffer whose contents mean nothing between steps: whoever reads it has written it in the same step. */
  scratchBuffer(label: string, bytes: number): GPUBuffer {
    const buffer = this.buffer(label, bytes);
    this.scratch.add(buffer);
    return buffer;
  }

  /** A storage buffer that holds these numbers. */
  filled(label: string, data: Float32Array | Uint32Array): GPUBuffer {
    const buffer = this.buffer(label, data.byteLength);
    this.device.gpu.queue.writeBuffer(
      buffer,
      0,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
    return buffer;
  }

  /** Compiles a kernel and binds it; of a choice, its standard variant. */
  async dispatch(work: Kernel | Choice, options: DispatchOptions): Promise<Dispatch> {
    const choice = "variants" in work ? work : { variants: [], standard: { kernel: work, overrides: {} } };
    const { kernel } = choice.standard;
    const given: Record<string, GPUBuffer | GPUBufferBinding> = {
      step: this.clock,
      params: this.#params(kernel, { ...this.shape, ...options.params }),
      ...options.bind,
    };
    const special = ({ kernel, overrides }: Variant) => ({
      kernel,
      overrides: { ...overrides, ...options.overrides },
    });
    const dispatch: Dispatch = {
      ...(await this.#bind(special(choice.standard), given)),
      variants: variantsOf(choice).map(special),
      take: async (variant) => {
        Object.assign(dispatch, await this.#bind(variant, given));
        dispatch.resize();
      },
      slot: !Object.values(kernel.bindings).includes("step") ? "none" : options.test ? "test" : "step",
      writes: Object.entries(kernel.bindings)
        .filter(([, kind]) => kind === "read-write")
        .map(([name]) => given[name]!)
        .map((part) => ("buffer" in part ? part.buffer : part)),
      grid: [1, 1, 1],
      resize: () => {
        const { kernel, overrides } = dispatch;
        const [x, y = 1, z = 1] = kernel.grid({ ...this.shape, ...options.shape?.(this.shape) }, overrides);
        dispatch.grid = [x, y, z];
      },
      flops: (plan) => kernel.flops?.({ ...plan, ...options.shape?.(plan) }) ?? 0,
    };
    dispatch.resize();
    this.dispatches.push(dispatch);
    return dispatch;
  }

  /** Compiles a variant for what is given by the names of its bindings. */
  async #bind(
    { kernel, overrides }: Variant,
    given: Record<string, GPUBuffer | GPUBufferBinding>,
  ): Promise<Bound> {
    const { pipeline, layout } = await this.device.pipelines.get(kernel, overrides);
    const group = this.device.gpu.createBindGroup({
      label: kernel.file,
      layout,
      entries: Object.entries(kernel.bindings).map(([name, kind], binding) => {
        const found = given[name];
        if (!found) throw new Error(`${kernel.file}: nothing is bound to ${name}`);
        const part = "buffer" in found ? found : { buffer: found };
        return { binding, resource: kind === "step" ? { ...part, size: STEP_BYTES } : part };
      }),
    });
    return { kernel, overrides, pipeline, group };
  }

  /** The variants in an order of their own: kernels are compiled side by side, and come in any order. */
  get kernels(): Kernels {
    const named = this.dispatches.map(({ kernel, overrides }): [string, Overrides] => [
      `${kernel.file}#${kernel.entry}`,
      overrides,
    ]);
    const text = (entry: [string, Overrides]) => JSON.stringify(entry);
    return Object.fromEntries(named.sort((one, other) => (text(one) < text(other) ? -1 : 1)));
  }

  /** Follows a change of `shape`. */
  resize(): void {
    for (const dispatch of this.dispatches) dispatch.resize();
  }

  /** Also of a plan that is given up while kernels are compiled: what these still ask for goes at once. */
  release(): void {
    this.#released = true;
    for (const buffer of this.#buffers.splice(0)) this.device.release(buffer);
  }

  #params(kernel: Kernel, values: Record<string, number>): GPUBuffer {
    const fields = Object.entries(kernel.params);
    const data = new DataView(new ArrayBuffer(Math.max(16, fields.length * 4)));
    fields.forEach(([name, type], place) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${kernel.file}: params.${name} has no value`);
      if (type === "u32") data.setUint32(4 * place, value, true);
      else data.setFloat32(4 * place, value, true);
    });
    const buffer = this.buffer(`${kernel.file} params`, data.byteLength, GPUBufferUsage.UNIFORM);
    this.device.gpu.queue.writeBuffer(buffer, 0, data.buffer);
    return buffer;
  }
}

/** Encodes a dispatch into a pass; `step` and `test` are offsets of slots in the clock. */
export function encode(pass: GPUComputePassEncoder, dispatch: Dispatch, step: number, test = step): void {
  const [x, y, z] = dispatch.grid;
  if (x === 0 || y === 0 || z === 0) return;
  pass.setPipeline(dispatch.pipeline);
  if (dispatch.slot === "none") pass.setBindGroup(0, dispatch.group);
  else pass.setBindGroup(0, dispatch.group, [dispatch.slot === "test" ? test : step]);
  pass.dispatchWorkgroups(x, y, z);
}
