import type { FlowSpecification } from "../document/types.ts";
import { flowDecide, flowStage } from "../kernels/flow.ts";
import type { CohortContext, CompiledModel } from "../models/model.ts";
import type { Dispatch } from "../plan/planner.ts";
import { FLOW_WORDS, type Progress, flowProgress } from "./progress.ts";

/** Step that every run tries first; it grows fivefold a step while it is too careful. */
const FIRST_STEP = 1e-6;
/** Larger than any loss: the first step is not judged by it. */
const NO_LOSS = 3e38;

/** Gradient flow, compiled: the Bogacki-Shampine 3(2) pair (1989), first same as last. */
export interface FlowPlan {
  method: "gradient-flow";
  progress: Progress;
  /** `struct Target`: where all runs wait for their record, and where they end. */
  goal: GPUBuffer;
  /** Finds the first slope; run once, before the first attempt. */
  begin: Dispatch[];
  /** One attempt at a step of every run. */
  attempt: Dispatch[];
}

/** Compiles the flow of any model that gives its time derivative. */
export async function planFlow(context: CohortContext, model: CompiledModel): Promise<FlowPlan> {
  const { planner, members, tables, horizon, samples } = context;
  const { flow, state, stride: length, parameters: runs, signal } = model;
  const { runTiles } = tables;
  const { run } = members[0];
  const train = run.train as FlowSpecification;
  // k1 .. k4, the stage, tolerance scales: parts of one buffer, aligned as parts of buffers must be.
  const plane = Math.ceil((members.length * length) / 64) * 64;
  const work = planner.buffer("flow", 4 * 6 * plane);
  const part = (index: number): GPUBufferBinding => ({
    buffer: work,
    offset: 4 * plane * index,
    size: 4 * plane,
  });
  const [stage, scale] = [part(4), part(5)];
  const start = new Float32Array(FLOW_WORDS * members.length);
  for (let position = 0; position < members.length; position++)
    start.set([FIRST_STEP, NO_LOSS], FLOW_WORDS * position + 6);
  const progress = planner.filled("flow progress", start);
  const goal = planner.buffer("flow target", 16);

  const toStage = (STAGE: number) =>
    planner.dispatch(flowStage, {
      overrides: { STAGE },
      params: { length, plane },
      bind: { run_tiles: runTiles, goal, progress, y: state, work },
      shape: () => ({ length }),
    });
  const slope = async (k: number): Promise<Dispatch[]> => [
    ...(await flow.forward(stage)),
    ...(await flow.slope(stage, part(k))),
  ];
  const decide = await planner.dispatch(flowDecide, {
    params: {
      length,
      plane,
      samples,
      loss_scale: run.loss.reduction === "mean" ? 1 / samples : 1,
      tolerance: train.tolerance,
    },
    bind: { run_tiles: runTiles, goal, r: signal, runs, progress, horizon, y: state, work },
  });
  return {
    method: "gradient-flow",
    progress: flowProgress(progress),
    goal,
    begin: [await toStage(0), ...(await slope(0))],
    attempt: [
      ...(await flow.scale(state, scale)),
      await toStage(1),
      ...(await slope(1)),
      await toStage(2),
      ...(await slope(2)),
      await toStage(3),
      ...(await slope(3)),
      decide,
    ],
  };
}
