/** Where the benchmark runs: a page of a headless Chrome, or this process. */

import { dawnDevice, offerGpu } from "../src/cli/runtimes/dawn.ts";
import { interruption } from "../src/cli/runtimes/interrupt.ts";
import { type Server, folderMount, serve } from "../src/cli/runtimes/server.ts";
import { Session, type SessionOptions } from "../src/cli/runtimes/session.ts";
import type { TrainerOptions } from "../src/cli/runtimes/open-trainer.ts";
import type { Runtime } from "../src/cli/runtimes/trainer.ts";
import type { AdapterChoice } from "../src/gpu/adapter.ts";
import { type Bench, benchOn } from "./bench.ts";
import { type BenchPage, benchPage } from "./page-build.ts";
import type { Report } from "./row.ts";

/** A benchmark whose adapter is open. */
export interface Place extends Omit<Bench, "open"> {
  adapter: Report["adapter"];
  close(): Promise<void>;
}

/** @throws BrowserError, AdapterError, or Interrupted; so do the benchmark's own calls */
export const openPlace = (runtime: Runtime, options: TrainerOptions): Promise<Place> =>
  runtime === "node" ? openHere(options) : openPage(options);

async function openHere({ adapter: choice, device }: TrainerOptions): Promise<Place> {
  const bench = benchOn(
    (kind) => dawnDevice(kind, device),
    async () => {
      await offerGpu(device);
      return import("./engines/node-peers.ts");
    },
  );
  const adapter = await bench.open(choice);
  const browser = `Node/${process.versions.node} with Dawn`;
  return { ...bench, adapter: { ...adapter, browser }, close: async () => {} };
}

/** A page of the benchmark's in a headless Chrome. */
export interface OpenPage {
  session: Session;
  page: Session["page"];
  /** The adapter that was found, as the page may ask for it. */
  kind: AdapterChoice;
  /** What a call to the page comes to, or how the browser has ended. */
  orEnd<T>(call: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** @throws BrowserError, AdapterError, or Interrupted; so do calls in `orEnd` */
export async function openBenchPage(name: BenchPage, options: SessionOptions): Promise<OpenPage> {
  const building = benchPage(name);
  // Told after a browser that is missing; until then nobody listens.
  building.catch(() => {});
  const close = async (...parts: (Pick<Session, "close"> | undefined)[]) => {
    await Promise.allSettled(parts.map((part) => part?.close()));
    await building.then(
      (built) => built.remove(),
      () => {},
    );
  };
  let session: Session | undefined;
  let server: Server | undefined;
  try {
    session = await Session.open(options);
    server = await serve([folderMount("/", (await building).folder)]);
    const { page, adapter } = session;
    const interrupted = interruption(options.signal);
    const own = session;
    const orEnd = <T>(call: Promise<T>): Promise<T> => Promise.race([interrupted, own.answer(call)]);
    await orEnd(page.goto(`${server.url}${name}.html`));
    const kind = adapter.software ? "software" : "hardware";
    return { session, page, kind, orEnd, close: () => close(session, server) };
  } catch (error) {
    await close(session, server);
    throw error;
  }
}

async function openPage(options: SessionOptions): Promise<Place> {
  const { session, page, kind, orEnd, close } = await openBenchPage("page", options);
  try {
    await orEnd(page.evaluate((adapter) => window.alphasweepBench.open(adapter), kind));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    adapter: { ...session.adapter, browser: session.browserVersion },
    peaks: () => orEnd(page.evaluate(() => window.alphasweepBench.peaks())),
    measure: (request) => orEnd(page.evaluate((asked) => window.alphasweepBench.measure(asked), request)),
    profile: (request) => orEnd(page.evaluate((asked) => window.alphasweepBench.profile(asked), request)),
    close,
  };
}
