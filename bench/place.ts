/** Where the benchmark runs: a page of a headless Chrome, or this process. */

import { dawnDevice } from "../src/cli/dawn.ts";
import { interruption } from "../src/cli/interrupt.ts";
import { folderMount, serve } from "../src/cli/server.ts";
import { Session, type SessionOptions } from "../src/cli/session.ts";
import type { Runtime } from "../src/cli/trainer.ts";
import type { AdapterChoice } from "../src/gpu/adapter.ts";
import { type Bench, benchOn } from "./bench.ts";
import { benchPage } from "./page-build.ts";
import type { Report } from "./row.ts";

/** A benchmark whose adapter is open. */
export interface Place extends Omit<Bench, "open"> {
  adapter: Report["adapter"];
  close(): Promise<void>;
}

/** @throws BrowserError, AdapterError, or Interrupted; so do the benchmark's own calls */
export const openPlace = (runtime: Runtime, options: SessionOptions): Promise<Place> =>
  runtime === "node" ? openHere(options) : openPage(options);

async function openHere({ adapter: choice }: SessionOptions): Promise<Place> {
  const bench = benchOn(dawnDevice);
  const adapter = await bench.open(choice);
  const browser = `Node/${process.versions.node} with Dawn`;
  return { ...bench, adapter: { ...adapter, browser }, close: async () => {} };
}

async function openPage(options: SessionOptions): Promise<Place> {
  const session = await Session.open(options);
  const built = await benchPage();
  const server = await serve([folderMount("/", built.folder)]);
  const close = async () => {
    await Promise.allSettled([session.close(), server.close()]);
    built.remove();
  };
  const { page } = session;
  const interrupted = interruption(options.signal);
  const orEnd = <T>(call: Promise<T>): Promise<T> => Promise.race([interrupted, session.answer(call)]);
  try {
    await orEnd(page.goto(`${server.url}page.html`));
    const kind: AdapterChoice = session.adapter.software ? "software" : "hardware";
    await orEnd(page.evaluate((adapter) => window.alphasweepBench.open(adapter), kind));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    adapter: { ...session.adapter, browser: session.browserVersion },
    peaks: () => orEnd(page.evaluate(() => window.alphasweepBench.peaks())),
    measure: (request) => orEnd(page.evaluate((asked) => window.alphasweepBench.measure(asked), request)),
    close,
  };
}
