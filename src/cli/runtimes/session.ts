/** A headless Chrome with the engine in it, and the command's end of what they say to each other. */

import { randomUUID } from "node:crypto";
import type { Browser, Page } from "puppeteer-core";
import { DocumentError } from "../../document/error.ts";
import type { EngineReport } from "../../engine.ts";
import { checkpointFrame } from "../../results/checkpoint-frame.ts";
import type { Checkpoint } from "../../scheduler/checkpoint.ts";
import { type AdapterChoice, AdapterError, type AdapterReport } from "../../gpu/adapter.ts";
import type { ExperimentRequest, Failure, Outcome } from "../../page/contract.ts";
import { deliverName } from "../../page/contract.ts";
import { deliverFrame } from "../../results/block-frames.ts";
import { encodeFrame, FrameReader } from "../../results/frame.ts";
import type { Sink } from "../../scheduler/sink.ts";
import type { Winners } from "../../tuner/winners.ts";
import { ensureBrowsers, type Say } from "./browser.ts";
import { checkpointInterval } from "./checkpoint-interval.ts";
import { BrowserError, BrowserGone, Interrupted } from "../process/failure.ts";
import { interruption } from "./interrupt.ts";
import { answered, type Graphics, graphicsToTry, launchBrowser } from "./launch.ts";
import { builtPage } from "./pages.ts";
import { folderMount, memoryMount, serve, type Server } from "./server.ts";
import type { Trainer, TrainingRequest, Tuning } from "./trainer.ts";
import { tuningBudget } from "./tuning.ts";

export interface SessionOptions {
  adapter: AdapterChoice;
  /** Takes what the user should know: installing a browser, a page's errors. */
  say: Say;
  signal: AbortSignal;
  /** Paths of browsers, in the order to try; those that are found where left out. */
  browsers?: readonly string[];
}

/** What one browser is opened with. */
interface OpeningOptions {
  executable: string;
  choice: AdapterChoice;
  say: Say;
  server: Server;
  inputs: Map<string, Uint8Array>;
  signal: AbortSignal;
}

/** How long a browser may take to say whether it has an adapter, and an aborted page to end. */
const probeMilliseconds = 30_000;
const abortMilliseconds = 20_000;
/** How long after a call has failed a browser that is gone is known to be. */
const causeMilliseconds = 500;

export class Session implements Trainer {
  readonly page: Page;
  readonly adapter: AdapterReport;
  readonly browserVersion: string;
  readonly executable: string;
  reason?: string;
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #inputs: Map<string, Uint8Array>;
  readonly #death: Promise<never>;
  #deliver: (bytes: Uint8Array) => Promise<void> = async () => {};

  private constructor(parts: {
    page: Page;
    adapter: AdapterReport;
    browserVersion: string;
    executable: string;
    browser: Browser;
    server: Server;
    inputs: Map<string, Uint8Array>;
    death: Promise<never>;
  }) {
    this.page = parts.page;
    this.adapter = parts.adapter;
    this.browserVersion = parts.browserVersion;
    this.executable = parts.executable;
    this.#browser = parts.browser;
    this.#server = parts.server;
    this.#inputs = parts.inputs;
    this.#death = parts.death;
  }

  /**
   * Starts a browser on an adapter of the kind asked for.
   *
   * @throws BrowserError, AdapterError, or Interrupted
   */
  static async open({ adapter: choice, say, signal, browsers }: SessionOptions): Promise<Session> {
    const interrupted = interruption(signal);
    const built = builtPage("headless");
    // Told after a browser that is missing; until then nobody listens.
    built.catch(() => {});
    const executables = await Promise.race([browsers ?? ensureBrowsers(say), interrupted]);
    const page = await Promise.race([built, interrupted]);
    const inputs = new Map<string, Uint8Array>();
    const server = await serve([memoryMount("/inputs/", inputs), folderMount("/", page)]);
    try {
      for (const others = [...executables]; ;) {
        const executable = others.shift()!;
        const opening = Session.#openIn({ executable, choice, say, server, inputs, signal });
        try {
          return await Promise.race([heard(opening), interrupted]);
        } catch (error) {
          if (!(error instanceof BrowserError) || others.length === 0) throw error;
          say(`${error.message}; trying ${others[0]}`);
        }
      }
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Opens one browser, in the first way of starting it that gives an adapter of the kind asked for. */
  static async #openIn(options: OpeningOptions): Promise<Session> {
    const { executable, choice, say, signal } = options;
    for (const graphics of graphicsToTry(choice)) {
      const attempt = () => Session.#attempt({ ...options, graphics });
      const session = await attempt().catch((error: unknown) => {
        if (signal.aborted || !(error instanceof BrowserGone)) throw error;
        say(`${error.message} while it started; starting it again`);
        return attempt().catch((second: unknown) => unstartable(executable, second));
      });
      if (session) return session;
    }
    throw new AdapterError(adapterAdvice(choice, executable));
  }

  /** @returns undefined where this way of starting the browser gives no adapter, and another may */
  static async #attempt(options: OpeningOptions & { graphics: Graphics }): Promise<Session | undefined> {
    const { executable, graphics, choice, say, server, inputs, signal } = options;
    const browser = await launchBrowser(executable, graphics, { signal });
    const close = (): void => void browser.close().catch(() => {});
    signal.addEventListener("abort", close, { once: true });
    const death = deathOf(browser);
    const open = async (): Promise<Session | undefined> => {
      const page = await answered(browser.newPage());
      page.on("console", (message) => {
        if (message.type() === "error") say(`page: ${message.text()}`);
      });
      page.on("pageerror", (error) => say(`page: ${String(error)}`));
      const crash = crashOf(page);
      await unlessGone(openEngine(page, `${server.url}headless.html`), crash);
      // `auto` is decided here, by how the browser is started.
      const probed = page.evaluate((kind) => window.alphasweep.probe(kind), graphics);
      const adapter = await Promise.race([unlessGone(probed, crash), after(probeMilliseconds)]);
      if (!adapter || (graphics === "hardware" && adapter.software)) {
        close();
        return undefined;
      }
      const session = new Session({
        page,
        adapter,
        browserVersion: await unlessGone(browser.version(), crash),
        executable,
        browser,
        server,
        inputs,
        death: heard(Promise.race([death, crash])),
      });
      const deliver = (base64: string) => session.#deliver(Buffer.from(base64, "base64"));
      await unlessGone(page.exposeFunction(deliverName, deliver), crash);
      return session;
    };
    try {
      const session = await unlessGone(open(), death);
      if (session) signal.removeEventListener("abort", close);
      return session;
    } catch (error) {
      close();
      if (choice === "auto" && graphics === "hardware") return undefined;
      throw error;
    }
  }

  /**
   * Trains an experiment in the page, or goes on with it from a checkpoint. Aborting the signal stops it; what was recorded has been handed to the sink.
   *
   * @throws what the page or the sink threw; Interrupted when aborted; BrowserGone when the browser, its page or its
   *   GPU process ends and does not come back
   */
  async train(request: TrainingRequest, sink: Sink, signal: AbortSignal): Promise<EngineReport> {
    const reader = new FrameReader();
    let refusal: { error: unknown } | undefined;
    this.#deliver = async (bytes) => {
      try {
        for (const frame of reader.push(bytes)) await deliverFrame(frame, sink);
      } catch (error) {
        refusal ??= { error };
        throw error;
      }
    };
    try {
      const report = await this.#ask(request, signal, (asked) => {
        const { checkpoint: from, settled, sweepSize } = request;
        const checkpoint = from && this.#offer(bytesOf(from));
        return this.page.evaluate((wanted) => window.alphasweep.train(wanted), {
          ...asked,
          ...(settled && { settled }),
          ...(sweepSize && { sweepSize }),
          ...(checkpoint !== undefined && { checkpoint }),
          ...checkpointInterval(),
        });
      });
      if (refusal) throw refusal.error;
      return report;
    } catch (error) {
      throw signal.aborted && !refusal ? new Interrupted() : (refusal?.error ?? error);
    }
  }

  /**
   * Measures kernels in the page.
   *
   * @throws what the page threw; Interrupted when aborted; BrowserGone as `train` does
   */
  async tune(request: TrainingRequest, known: Winners, signal: AbortSignal): Promise<Tuning> {
    try {
      return await this.#ask(request, signal, (asked) =>
        this.page.evaluate((wanted) => window.alphasweep.tune(wanted), {
          ...asked,
          known,
          ...tuningBudget(),
        }),
      );
    } catch (error) {
      throw signal.aborted ? new Interrupted() : error;
    }
  }

  /** Asks the page for work on an experiment, and has it stop when the signal is aborted. */
  async #ask<Report>(
    { text, name, part, files }: TrainingRequest,
    signal: AbortSignal,
    ask: (request: ExperimentRequest) => Promise<Outcome<Report>>,
  ): Promise<Report> {
    const offered = Array.from(files, ([path, bytes]) => ({ path, url: this.#offer(bytes) }));
    const adapter = this.adapter.software ? ("software" as const) : ("hardware" as const);
    const abort = (): void => void this.page.evaluate(() => window.alphasweep.abort()).catch(() => {});
    signal.addEventListener("abort", abort, { once: true });
    try {
      signal.throwIfAborted();
      const asked = ask({ text, name, ...(part && { part }), files: offered, adapter });
      return reportOf(await Promise.race([this.answer(asked), afterAbort(signal)]));
    } finally {
      signal.removeEventListener("abort", abort);
      this.#inputs.clear();
    }
  }

  /**
   * What the page answers to a call on it.
   *
   * @throws BrowserGone when the browser or its page ends
   */
  answer<Answer>(call: Promise<Answer>): Promise<Answer> {
    return unlessGone(call, this.#death);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#browser.close(), this.#server.close()]);
  }

  /** Lets the page fetch bytes, under a name that nobody else can guess. */
  #offer(bytes: Uint8Array): string {
    const name = randomUUID();
    this.#inputs.set(name, bytes);
    return `/inputs/${name}`;
  }
}

const bytesOf = (checkpoint: Checkpoint): Uint8Array =>
  new Uint8Array(Buffer.concat(encodeFrame(checkpointFrame(checkpoint))));

function reportOf<Report>(outcome: Outcome<Report>): Report {
  if (outcome.kind === "finished") return outcome.report;
  if (outcome.kind === "aborted") throw new Interrupted();
  throw errorOf(outcome.failure);
}

/** The page's error as the class that it was there. */
function errorOf({ name, message, path, problem, file }: Failure): Error {
  if (name === "DocumentError" && path !== undefined && problem !== undefined)
    return new DocumentError(path, problem, file);
  if (name === "AdapterError") return new AdapterError(message);
  if (name === "DeviceLostError") return new BrowserGone(message);
  return new Error(message);
}

/** @throws BrowserError where the browser does not come to this command's server */
async function openEngine(page: Page, address: string): Promise<void> {
  const response = await page.goto(address).catch((error: Error) => {
    throw new BrowserError(`the browser cannot reach this command at 127.0.0.1: ${error.message}`, {
      cause: error,
    });
  });
  if (!response?.ok()) throw new Error(`the engine's page cannot be read: status ${response?.status()}`);
}

/** A browser that is gone each time that it starts is one that does not start. */
function unstartable(executable: string, error: unknown): never {
  if (error instanceof BrowserGone)
    throw new BrowserError(`${executable} does not start: ${error.message}`, { cause: error });
  throw error;
}

/** A promise that may fail while nobody is listening. */
function heard<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/**
 * What a browser or a page answers. Calls to one that is gone may never settle, or fail with an error of their own, before
 * its end is known or after: where there is an end, it is what is told.
 */
const unlessGone = <Answer>(call: Promise<Answer>, death: Promise<never>): Promise<Answer> =>
  Promise.race([death, heard(call.catch((error: unknown) => Promise.race([death, rejected(error)])))]);

/** Rejects when the browser is gone. */
const deathOf = (browser: Browser): Promise<never> =>
  heard(
    new Promise((_, reject) => {
      const tell = (): void => reject(new BrowserGone("the browser has ended unexpectedly"));
      browser.on("disconnected", tell);
      if (!browser.connected) tell();
    }),
  );

/** The same of a page alone. */
const crashOf = (page: Page): Promise<never> =>
  heard(
    new Promise((_, reject) => {
      page.on("error", (error) => reject(new BrowserGone(`the page has crashed (${error.message.trim()})`)));
    }),
  );

/** Rejects with an error, after the time in which its cause would be known. */
const rejected = async (error: unknown): Promise<never> => {
  await after(causeMilliseconds);
  throw error;
};

const after = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds).unref());

/** Gives an aborted page some time to hand over what it has. */
function afterAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => void setTimeout(() => reject(new Interrupted()), abortMilliseconds).unref();
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}

function adapterAdvice(choice: AdapterChoice, executable: string): string {
  const none = `${executable} offers no ${choice === "auto" ? "" : `${choice} `}WebGPU adapter`;
  if (choice === "hardware") return `${none}; use --adapter auto, or see "alphasweep doctor"`;
  return `${none}; install a newer Chrome, or name one in PUPPETEER_EXECUTABLE_PATH`;
}
