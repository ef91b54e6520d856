import { dawnDevice } from "../../src/cli/runtimes/dawn.ts";
import { Interrupted } from "../../src/cli/process/failure.ts";
import { listenForInterrupt } from "../../src/cli/runtimes/interrupt.ts";
import type { SessionOptions } from "../../src/cli/runtimes/session.ts";
import type { Runtime } from "../../src/cli/runtimes/trainer.ts";
import { adapterLine } from "../../src/cli/training/training.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { AdapterChoice } from "../../src/gpu/adapter.ts";
import { openBenchPage } from "../place.ts";
import { StatusLine } from "../status-line.ts";
import { type KernelBench, kernelBenchOn } from "./contestants.ts";
import { type Sizes, type Sweep, sweeps } from "./sweeps.ts";
import { comparisonText } from "./table.ts";

/** Sizes over those that a sweep has by itself, and how it is measured. */
export interface KernelOptions extends Partial<Sizes> {
  /** That timing the variants of one work may take. */
  seconds: number;
  runtime: Runtime;
  /** The best there is where left out. */
  adapter?: AdapterChoice;
}

/**
 * Checks and times the variants of kernels, and prints a table a work.
 *
 * @param shaders shaders' files, without their ending
 * @throws DocumentError for sizes that no sweep may have; BrowserError, AdapterError or Interrupted; Error where a variant
 *   computes wrongly or does not run
 */
export async function compareKernels(shaders: readonly string[], options: KernelOptions): Promise<void> {
  const wanted = sweeps.flatMap((sweep) => {
    const own = sweep.shaders.filter((name) => shaders.includes(name));
    const sizes = own.length > 0 ? sizesOf(sweep, options) : [];
    return sizes.map((sizes) => ({ document: sweep.document(sizes), own }));
  });
  // What is wrong with the sizes is told before a browser is started.
  for (const { document } of wanted) readExperiment({ name: "kernel", ...document }, "the sweep");
  const say = (text: string): void => console.error(text);
  const interrupt = listenForInterrupt(say);
  const progress = new StatusLine(process.stderr);
  progress.show("starting");
  let wrong = 0;
  let place: Place | undefined;
  try {
    const { adapter = "auto", runtime, seconds } = options;
    place = await (runtime === "node" ? openHere : openPage)({ adapter, say, signal: interrupt.signal });
    progress.clear();
    say(place.line);
    for (const { document, own } of wanted) {
      progress.show("compiling a sweep's plan");
      const works = await place.plan(document, own);
      for (const [k, work] of works.entries()) {
        if (interrupt.signal.aborted) throw new Interrupted();
        progress.show(`${k + 1} of ${works.length}: ${work}`);
        const comparison = await place.compare(k, seconds);
        progress.clear();
        console.log(`\n${comparisonText(comparison)}`);
        wrong += comparison.contestants.filter(({ problem }) => problem !== undefined).length;
      }
    }
  } finally {
    progress.clear();
    interrupt.release();
    await place?.close();
  }
  if (wrong > 0) throw new Error(`variants that are wrong or do not run: ${wrong}`);
}

/** A sweep's own sizes, or as asked for, each once. */
function sizesOf(sweep: Sweep, asked: Partial<Sizes>): Sizes[] {
  const given = (["runs", "samples", "inputs", "widths", "batch"] as const).flatMap((name) =>
    asked[name] === undefined ? [] : [[name, asked[name]]],
  );
  const sizes = sweep.sizes.map((own): Sizes => ({ ...own, ...Object.fromEntries(given) }));
  return [...new Map(sizes.map((one) => [JSON.stringify(one), one])).values()];
}

/** Where kernels are compared, with its adapter open. */
interface Place extends Omit<KernelBench, "open"> {
  /** The browser and its adapter. */
  line: string;
  close(): Promise<void>;
}

async function openHere({ adapter }: SessionOptions): Promise<Place> {
  const bench = kernelBenchOn(dawnDevice);
  const found = await bench.open(adapter);
  return {
    ...bench,
    line: adapterLine(found, `Node/${process.versions.node} with Dawn`),
    close: async () => {},
  };
}

async function openPage(options: SessionOptions): Promise<Place> {
  const { session, page, kind, orEnd, close } = await openBenchPage("kernel/page", options);
  try {
    await orEnd(page.evaluate((adapter) => window.alphasweepKernels.open(adapter), kind));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    line: adapterLine(session.adapter, session.browserVersion),
    plan: (document, shaders) =>
      orEnd(page.evaluate((...asked) => window.alphasweepKernels.plan(...asked), document, shaders)),
    compare: (place, seconds) =>
      orEnd(page.evaluate((...asked) => window.alphasweepKernels.compare(...asked), place, seconds)),
    close,
  };
}
