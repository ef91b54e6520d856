/** Sample results for the figures' tests: the diagonal network of depth 2 trained in float64, in d, s, e of docs/mathematics.md. */

import type { Results } from "../../../src/results/types.ts";
import type { RunStatus } from "../../../src/scheduler/sink.ts";

export interface Problem {
  /** X, [samples][inputs], and y. */
  inputs: number[][];
  targets: number[];
}

export interface SampleRun {
  alpha: number;
  stepSize: number;
}

export interface SampleOptions {
  name: string;
  runs: SampleRun[];
  epochs: number;
  /** Epochs that are recorded, increasing, 0 and the last among them. */
  recorded: number[];
  stopLoss?: number;
  kernels: boolean;
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
const norm = (...vectors: number[][]): number => Math.sqrt(vectors.flat().reduce((sum, v) => sum + v * v, 0));

const quantities = [
  "loss",
  "linear_loss",
  "weight_distance",
  "linear_distance",
  "function_distance",
  "ntk_drift",
] as const;

export function trainSample({ inputs: X, targets: y }: Problem, options: SampleOptions): Results {
  const samples = X.length;
  const columnsOf = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<string, number[]>;
  const history = columnsOf(["run", "epoch", "time", ...quantities]);
  const runs = columnsOf(["run", "init.alpha", "train.stepSize", "epochs", "time", ...quantities]);
  const status: RunStatus[] = [];
  const kernels: number[] = [];

  options.runs.forEach(({ alpha, stepSize }, run) => {
    let d = X[0].map(() => 0);
    let s = [...d];
    let e = [...d];
    const back = (r: number[]) => d.map((_, i) => r.reduce((sum, value, k) => sum + value * X[k][i], 0));
    const gram = (weights: number[]) =>
      X.flatMap((a) => X.map((b) => a.reduce((sum, value, i) => sum + value * weights[i] * b[i], 0)));
    const first = gram(d.map(() => 8 * alpha * alpha));
    let last: Record<string, number> = {};
    let ended: RunStatus = "finished";
    let epoch = 0;
    let recorded = 0;
    for (; ; epoch++) {
      const beta = d.map((value, i) => value * (2 * alpha + s[i]));
      const h = X.map((row) =>
        dot(
          row,
          e.map((value, i) => 2 * alpha * value + s[i] * d[i]),
        ),
      );
      const residual = X.map((row, k) => dot(row, beta) - y[k]);
      const loss = dot(residual, residual) / samples;
      const converged = options.stopLoss !== undefined && loss <= options.stopLoss;
      const finite = Number.isFinite(loss) && loss < 1e30;
      if (converged) ended = "converged";
      if (!finite) ended = "diverged";
      const ends = converged || !finite || epoch === options.epochs;
      if (ends || options.recorded[recorded] === epoch) {
        const change = gram(d.map((value, i) => 8 * alpha * s[i] + 2 * (value * value + s[i] * s[i])));
        const linear = residual.map((value, k) => value - h[k]);
        last = {
          loss,
          linear_loss: dot(linear, linear) / samples,
          weight_distance: norm(d, s) / Math.SQRT2,
          linear_distance: norm(e, s) / Math.SQRT2,
          function_distance: norm(h) / Math.sqrt(samples),
          ntk_drift: norm(change) / norm(first),
        };
        const record: Record<string, number> = { run, epoch, time: epoch * stepSize, ...last };
        for (const [name, column] of Object.entries(history)) column.push(record[name]);
        if (options.kernels) kernels.push(...first.map((value, k) => value + change[k]));
        recorded++;
      }
      if (ends) break;
      const c = (2 * stepSize) / samples;
      const g = back(residual.map((value) => c * value));
      const twin = back(h.map((value) => c * value));
      const next = d.map((value, i) => value - 2 * g[i] * (2 * alpha + s[i]));
      e = e.map((value, i) => value - 4 * alpha * twin[i] - 2 * g[i] * s[i]);
      s = s.map((value, i) => value - 2 * g[i] * d[i]);
      d = next;
    }
    if (options.kernels)
      for (; recorded < options.recorded.length; recorded++) kernels.push(...first.map(() => NaN));
    status.push(ended);
    const row: Record<string, number> = {
      run,
      "init.alpha": alpha,
      "train.stepSize": stepSize,
      epochs: epoch,
      time: epoch * stepSize,
      ...last,
    };
    for (const [name, column] of Object.entries(runs)) column.push(row[name]);
  });

  // A path that no axis sweeps has no column.
  if (new Set(runs["train.stepSize"]).size === 1) delete runs["train.stepSize"];
  const table = (columns: Record<string, number[]>) => ({
    rows: columns.run.length,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        name === "run" ? Int32Array.from(values) : Float64Array.from(values),
      ]),
    ),
  });
  const runTable = table(runs);
  const { run, ...others } = runTable.columns;
  return {
    manifest: {
      format: 1,
      name: options.name,
      document: {
        name: options.name,
        data: { kind: "file", inputs: "data/inputs.npy", targets: "data/targets.npy" },
        model: { kind: "diagonal", depth: 2 },
        loss: { kind: "squared", reduction: "mean", l2: 0 },
        init: { alpha: 1, shape: "ones", scaling: "weights", seed: 1 },
        train: {
          method: "gradient-descent",
          stepSize: options.runs[0].stepSize,
          epochs: options.epochs,
          batchSize: "full",
          stopLoss: options.stopLoss ?? null,
          stopRule: "full",
          seed: 1,
        },
        record: {
          every: { log: options.recorded.length },
          quantities: [...quantities],
          arrays: options.kernels ? ["ntk"] : [],
        },
        sweep: [{ path: "init.alpha", values: options.runs.map(({ alpha }) => alpha) }],
      },
      adapter: {
        vendor: "google",
        architecture: "swiftshader",
        device: "0x0000c0de",
        description: "SwiftShader Device (LLVM 16.0.0)",
        software: true,
        features: [],
        limits: {},
      },
      browser: "Chrome 156.0.0.0",
      versions: { alphasweep: "0.1.0" },
      seconds: 4.2,
      status: "finished",
      warnings: [],
      kernels: {},
    },
    runs: { rows: runTable.rows, columns: { run, ...others, status } },
    history: table(history),
    arrays: options.kernels
      ? {
          ntk: {
            shape: [options.runs.length, options.recorded.length, samples, samples],
            data: Float32Array.from(kernels),
          },
        }
      : {},
  };
}
