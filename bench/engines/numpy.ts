import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import type { Problem } from "../workloads/problem.ts";
import type { Engine, Trainer } from "./engine.ts";
import { startsOf } from "./layer-starts.ts";

const python = "python3";

/** What a researcher without a GPU would write: batched products of NumPy's, where python3 has it. */
export const numpy: Engine = {
  id: "numpy",
  async prepare(problem) {
    // It has no convolution.
    if ("network" in problem) return undefined;
    if (spawnSync(python, ["-c", "import numpy"]).status !== 0) return undefined;
    const child = spawn(python, [join(packageRoot, "bench", "engines", "numpy_steps.py")]);
    const conversation = new Conversation(child);
    await conversation.ask(JSON.stringify(described(problem)));
    return {
      fewestSteps: 1,
      seconds: 0.3,
      async train(steps) {
        const { microseconds, results } = JSON.parse(await conversation.ask(String(steps))) as Answer;
        const bytes = Buffer.from(results, "base64");
        return {
          microsecondsPerStep: microseconds,
          results: new Float32Array(new Uint8Array(bytes).buffer),
        };
      },
      release: () => void child.kill(),
    } satisfies Trainer;
  },
};

interface Answer {
  microseconds: number;
  results: string;
}

/** Lines to a process, and the line that each is answered by. */
class Conversation {
  readonly #lines: AsyncIterator<string>;
  #told = "";

  constructor(readonly child: ChildProcessWithoutNullStreams) {
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on("data", (bytes: Buffer) => (this.#told += bytes.toString()));
    child.stdin.on("error", () => {});
  }

  /** @throws Error with the last line of what the process complains of, where it has ended */
  async ask(line: string): Promise<string> {
    this.child.stdin.write(`${line}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(this.#told.trim().split("\n").at(-1) || "NumPy has ended");
    return value;
  }
}

/** A problem as JSON, arrays as base64 of float32. */
function described(problem: Problem): Record<string, unknown> {
  const plain = Object.fromEntries(
    Object.entries(problem)
      .filter(([name]) => name !== "document" && !(name === "starts" && "layers" in problem))
      .map(([name, value]) => [name, value instanceof Float64Array ? base64(value) : (value as unknown)]),
  );
  if (!("layers" in problem)) return plain;
  const starts = startsOf(problem);
  return {
    ...plain,
    layers: problem.layers.map(({ fan_in, fan_out }, place) => [base64(starts[place]), fan_out, fan_in]),
  };
}

const base64 = (numbers: Float64Array | Float32Array): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString("base64");
