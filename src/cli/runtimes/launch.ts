import { readdirSync } from "node:fs";
import type { Browser } from "puppeteer-core";
import type { AdapterChoice } from "../../gpu/adapter.ts";
import { inTime } from "../../tuner/deadline.ts";
import { BrowserProcess, type Ending } from "./browser-process.ts";
import { complaintOf } from "../process/complaint.ts";
import { BrowserError, BrowserGone, Interrupted } from "../process/failure.ts";

/** Which WebGPU implementation Chrome is started with. */
export type Graphics = "hardware" | "software";

const always = [
  "--enable-unsafe-webgpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  // Pages of an address bar that nobody sees: loading them is half of what a start takes.
  "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
  // Without both, a second crash of the GPU process leaves no adapter for good.
  "--disable-gpu-process-crash-limit",
  "--disable-domain-blocking-for-3d-apis",
];

/** They name drivers, one of which Chrome brings itself: with a wrong one it would not find its own. */
const vulkanVariables = /^VK_(DRIVER_FILES|ICD_FILENAMES)$/;

/** The command line of a Chrome that trains. */
export function launchArguments(graphics: Graphics): string[] {
  const vulkan = process.platform === "linux" ? ["--enable-features=Vulkan", "--use-angle=vulkan"] : [];
  return [
    ...always,
    ...(graphics === "software" ? ["--use-webgpu-adapter=swiftshader"] : vulkan),
    // Chrome refuses to sandbox root's processes.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}

/** What to start Chrome with, in the order to try. */
export function graphicsToTry(adapter: AdapterChoice): Graphics[] {
  if (adapter !== "auto") return [adapter];
  return mayHaveGpu() ? ["hardware", "software"] : ["software"];
}

/** On Linux a GPU is a device file, and looking for one is quicker than starting Chrome to find none. */
export function mayHaveGpu(): boolean {
  if (process.platform !== "linux") return true;
  const names = [...list("/dev"), ...list("/dev/dri")];
  return names.some((name) => /^(renderD\d+|nvidia\d+|nvidiactl|dxg|kfd|mali\d+|kgsl-3d0)$/.test(name));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** How long a browser may take to answer. */
const patienceMilliseconds = 30_000;

/**
 * A browser's answer, while it starts. Who asks one just when it ends, or one of its processes, may wait for good.
 *
 * @throws BrowserGone where it takes too long
 */
export async function answered<Answer>(
  call: Promise<Answer>,
  patience = patienceMilliseconds,
): Promise<Answer> {
  if (await inTime(call, performance.now() + patience)) return call;
  throw new BrowserGone(`the browser has not answered for ${patience / 1000} s`);
}

/**
 * Starts a headless Chrome that dies with this process, and of which nothing is left.
 *
 * @param signal aborts the start
 * @throws BrowserError, one line; BrowserGone where it does start, but this time has not; Interrupted
 */
export async function launchBrowser(
  executable: string,
  graphics: Graphics,
  { patience = patienceMilliseconds, signal }: { patience?: number; signal?: AbortSignal } = {},
): Promise<Browser> {
  const { default: puppeteer } = await import("puppeteer-core");
  if (signal?.aborted) throw new Interrupted();
  const parameters = puppeteer.defaultArgs({ headless: true, args: launchArguments(graphics) });
  const started = await BrowserProcess.start(
    executable,
    parameters,
    graphics === "software" ? vulkanVariables : undefined,
  );
  const kill = (): void => started.kill();
  signal?.addEventListener("abort", kill);
  const early = started.ended.then((ending) => unstarted(executable, ending));
  // In the end every browser ends, when nobody listens.
  early.catch(() => {});
  try {
    const connecting = puppeteer.connect({
      transport: started.transport,
      // One call lasts as long as training does; a dead page or browser is noticed by its events.
      protocolTimeout: 0,
    });
    // How it has ended tells more than that it does not answer.
    const browser = await answered(Promise.race([early, connecting.catch(() => early)]), patience);
    if (signal?.aborted) throw new Interrupted();
    return withProcess(browser, started);
  } catch (error) {
    started.kill();
    await started.ended;
    throw signal?.aborted ? new Interrupted() : error;
  } finally {
    signal?.removeEventListener("abort", kill);
  }
}

/**
 * A browser as puppeteer's own, which it has started itself: it knows its process, and has ended when `close` returns. Nothing
 * that it could save is worth waiting for.
 */
function withProcess(browser: Browser, started: BrowserProcess): Browser {
  const close = async (): Promise<void> => {
    started.kill();
    await started.ended;
  };
  return Object.assign(browser, { close, process: () => started.child });
}

/** Throws what is to be told of a browser that ends while it starts. */
function unstarted(executable: string, { code, signal, told }: Ending): never {
  // 128 + 9 and 128 + 15 are what a script tells of a browser that somebody has killed.
  const isKilled = signal === "SIGKILL" || signal === "SIGTERM" || code === 137 || code === 143;
  const how = signal ?? `exit code ${code}`;
  if (code === 0 || isKilled) throw new BrowserGone(`the browser has ended unexpectedly (${how})`);
  const complaint = complaintOf(executable, told);
  // A crash may be an accident.
  if (signal !== null && !complaint?.isFatal)
    throw new BrowserGone(`the browser has crashed (${[how, complaint?.text].filter(Boolean).join(": ")})`);
  throw new BrowserError(`${executable} does not start: ${complaint?.text ?? `it ends at once with ${how}`}`);
}
