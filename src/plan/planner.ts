import { DocumentError } from "../document/error.ts";
import type { Device } from "../gpu/device.ts";
import { type Choice, type Variant, variantName, variantsOf, workName } from "../wgsl/choice.ts";
import type { Kernel, Overrides, Shape } from "../wgsl/kernel.ts";
import { SLOTS, SLOT_BYTES, STEP_BYTES } from "./clock.ts";

/** A variant, compiled and bound. */
interface Bound {
  variant: Variant;
  kernel: Kernel;
  overrides: Overrides;
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
}

/** What is bound, by variable. */
type Given = Record<string, GPUBuffer | GPUBufferBinding>;

/** One dispatch of a plan: everything bound and compiled before training begins. */
export interface Dispatch extends Bound {
  /** Which slot of the clock it reads: the step's, that of the whole test set, none; or a step of its own that never changes. */
  slot: "step" | "test" | "none" | "own";
  /** The buffers that it may write. */
  writes: GPUBuffer[];
  /** How its work is called within a sweep, and the ways to do it, the plain one first. */
  work: string;
  variants: readonly Variant[];
  /** Compiles one of these ways; does its work in that way from now on. */
  compile(variant: Variant): Promise<void>;
  take(variant: Variant): Promise<void>;
  /** What is bound to a variable. */
  bound(name: string): GPUBufferBinding;
  /** Its sizes, as the plan's are now. */
  shape(): Shape;
  /** Workgroups, recomputed when runs drop out. */
  grid: [number, number, number];
  /** Sets `grid` from the plan's sizes as they are now. */
  resize(): void;
  /** Multiplications and additions, of a plan of these sizes. */
  flops(plan: Shape): number;
}

/** The kernel variants of a plan, by shader and entry point. */
export type Kernels = Record<string, Overrides>;

/** Names the variant that does a work, where that is known. */
export type SettledOn = (work: string, variants: readonly Variant[]) => string | undefined;

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
  /** Reads this step instead (`still`). */
  step?: GPUBuffer | undefined;
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

  /** @param settled the name of the variant that does a work, where it is not the standard one */
  constructor(
    readonly device: Device,
    shape: Shape,
    readonly settled: SettledOn = () => undefined,
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
  filled(label: string, data: Float32Array | Uint32Array, usage?: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.buffer(label, data.byteLength, usage);
    this.#write(buffer, data);
    return buffer;
  }

  /** A step of so many samples in their own order, for dispatches whose samples are no batch of the training's. */
  still(label: string, size: number): GPUBuffer {
    const step = Uint32Array.of(0, 0, size, 0, 0);
    new Float32Array(step.buffer)[4] = 1;
    return this.filled(label, step, GPUBufferUsage.UNIFORM);
  }

  #write(buffer: GPUBuffer, { buffer: data, byteOffset, byteLength }: ArrayBufferView): void {
    // A test set that there is not has no bytes; and the buffers of a plan that was given up are gone.
    if (byteLength === 0 || this.#released) return;
    this.device.gpu.queue.writeBuffer(buffer, 0, data, byteOffset, byteLength);
  }

  /** Compiles a kernel and binds it; of a choice, the variant that is settled on, or its standard one. */
  async dispatch(task: Kernel | Choice, options: DispatchOptions): Promise<Dispatch> {
    const choice = "variants" in task ? task : { variants: [], standard: { kernel: task, overrides: {} } };
    const variants = variantsOf(choice);
    const { kernel } = variants[0];
    const shape = () => ({ ...this.shape, ...options.shape?.(this.shape) });
    const work = workName(kernel, options.overrides ?? {}, shape());
    const settled = this.settled(work, variants);
    const first = variants.find((variant) => variantName(variant) === settled) ?? choice.standard;
    const given: Given = {
      step: options.step ?? this.clock,
      params: this.#params(kernel, { ...this.shape, ...options.params }),
      ...options.bind,
    };
    const bound = (name: string) => partOf(given, name, kernel);
    const dispatch: Dispatch = {
      ...(await this.#bind(first, options.overrides, given)),
      work,
      variants,
      compile: async ({ kernel, overrides }) => {
        await this.device.pipelines.get(kernel, { ...overrides, ...options.overrides });
      },
      take: async (variant) => {
        Object.assign(dispatch, await this.#bind(variant, options.overrides, given));
        dispatch.resize();
      },
      bound,
      shape,
      slot: !Object.values(kernel.bindings).includes("step")
        ? "none"
        : options.step
          ? "own"
          : options.test
            ? "test"
            : "step",
      writes: Object.entries(kernel.bindings)
        .filter(([, kind]) => kind === "read-write")
        .map(([name]) => bound(name).buffer),
      grid: [1, 1, 1],
      resize: () => {
        const [x, y = 1, z = 1] = dispatch.kernel.grid(shape(), dispatch.overrides);
        this.#checkGrid(dispatch.kernel, Math.max(x, y, z));
        dispatch.grid = [x, y, z];
      },
      flops: (plan) => kernel.flops?.({ ...plan, ...options.shape?.(plan) }) ?? 0,
    };
    dispatch.resize();
    this.dispatches.push(dispatch);
    return dispatch;
  }

  /** A grid beyond the adapter's would be left out with everything submitted beside it, and nobody told. */
  #checkGrid({ file }: Kernel, groups: number): void {
    const most = this.device.gpu.limits.maxComputeWorkgroupsPerDimension;
    if (groups > most)
      throw new DocumentError(
        "",
        `${file} needs ${groups} workgroups along an axis; this adapter dispatches at most ${most}: ` +
          "use fewer samples, inputs or weights",
      );
  }

  async #bind(variant: Variant, special: Overrides | undefined, given: Given): Promise<Bound> {
    const { kernel } = variant;
    const overrides = { ...variant.overrides, ...special };
    const { pipeline, layout } = await this.device.pipelines.get(kernel, overrides);
    const group = this.device.gpu.createBindGroup({
      label: kernel.file,
      layout,
      entries: Object.entries(kernel.bindings).map(([name, kind], binding) => {
        const part = partOf(given, name, kernel);
        return { binding, resource: kind === "step" ? { ...part, size: STEP_BYTES } : part };
      }),
    });
    return { variant, kernel, overrides, pipeline, group };
  }

  /**
   * The variants in an order of their own: kernels are compiled side by side, and come in any order. Where an entry
   * point runs with other constants too, these are numbered.
   */
  get kernels(): Kernels {
    const texts = new Set(
      this.dispatches.map(({ kernel, overrides }) =>
        JSON.stringify([`${kernel.file}#${kernel.entry}`, overrides]),
      ),
    );
    const kernels: Kernels = {};
    for (const text of [...texts].sort()) {
      const [name, overrides] = JSON.parse(text) as [string, Overrides];
      let key = name;
      for (let number = 2; key in kernels; number++) key = `${name} ${number}`;
      kernels[key] = overrides;
    }
    return kernels;
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
    this.#write(buffer, data);
    return buffer;
  }
}

function partOf(given: Given, name: string, { file }: Kernel): GPUBufferBinding {
  const found = given[name];
  if (!found) throw new Error(`${file}: nothing is bound to ${name}`);
  return "buffer" in found ? found : { buffer: found };
}

/** Encodes a dispatch into a pass; `step` and `test` are offsets of slots in the clock. */
export function encode(pass: GPUComputePassEncoder, dispatch: Dispatch, step: number, test = step): void {
  const [x, y, z] = dispatch.grid;
  if (x === 0 || y === 0 || z === 0) return;
  pass.setPipeline(dispatch.pipeline);
  if (dispatch.slot === "none") pass.setBindGroup(0, dispatch.group);
  else pass.setBindGroup(0, dispatch.group, [{ step, test, own: 0 }[dispatch.slot]]);
  pass.dispatchWorkgroups(x, y, z);
}
