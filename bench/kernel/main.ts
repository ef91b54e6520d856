/** `npm run kernel`: all its work is done while this module is imported (see bench/kernel.js). */

import { basename } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { UsageError } from "../../src/cli/process/failure.ts";
import { runProgram } from "../../src/cli/process/program.ts";
import { runtimeOption } from "../../src/cli/options/runtime-option.ts";
import { nearest } from "../../src/document/nearest.ts";
import type { KernelOptions } from "./command.ts";
import { kernelNames } from "./sweeps.ts";

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 1e6)
    throw new InvalidArgumentError("It is a whole number from 1 to 1000000.");
  return value;
}

function duration(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 3600))
    throw new InvalidArgumentError("It is a number of seconds from 0 to 3600.");
  return value;
}

const counts = (text: string): number[] => text.split(",").map(count);

/** Shaders by name, each once; a path to one, with its ending, is as good. */
function shadersNamed(names: readonly string[]): string[] {
  const found = names.flatMap((name) => {
    if (name === "all") return kernelNames;
    const shader = basename(name, ".wgsl").replaceAll("-", "_");
    if (kernelNames.includes(shader)) return [shader];
    const guess = nearest(shader, kernelNames);
    throw new UsageError(
      `${JSON.stringify(name)} is no kernel with variants to compare; ` +
        `${guess ? `did you mean "${guess}"? ` : ""}there are ${kernelNames.join(", ")}; "all" is all of them`,
    );
  });
  return [...new Set(found)];
}

const program = new Command("npm run kernel --")
  .description("check every variant of a kernel against its plain version, then time them in turns")
  .argument("<shader...>", "names of shaders' files, or all")
  .option("--runs <number>", "runs of the sweep that the kernel is bound to", count)
  .option("--samples <number>", "its training samples", count)
  .option("--inputs <number>", "its inputs a sample", count)
  .option("--widths <numbers>", "units of its hidden layers, as in 64,64,64", counts)
  .option("--batch <number>", "samples of a batch (default: all of them)", count)
  .option("--seconds <number>", "that timing may take a table, at least three times each", duration, 1.5)
  .addOption(runtimeOption("measure"))
  .addHelpText(
    "after",
    `
Shaders: ${kernelNames.join(", ")}

Examples:
  npm run kernel -- gram
  npm run kernel -- dense_gradient --runs 16 --widths 64,64,64
  npm run kernel -- relu_kernel dense_signals --samples 256 --seconds 5
  npm run kernel -- all --runtime node

Exit codes: 0 all agree, 1 a variant computes wrongly or does not run, 2 usage error, 3 no browser or adapter, 130 interrupted.`,
  )
  .action(async (names: string[], options: KernelOptions) => {
    const shaders = shadersNamed(names);
    // What is mistyped is told at once.
    const { compareKernels } = await import("./command.ts");
    await compareKernels(shaders, options);
  });

await runProgram(program);
