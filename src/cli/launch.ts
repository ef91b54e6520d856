import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Browser } from "puppeteer-core";
import type { AdapterChoice } from "../gpu/adapter.ts";
import { inTime } from "../tuner/deadline.ts";
import { BrowserError, BrowserGone } from "./failure.ts";

/** Which WebGPU implementation Chrome is started with. */
export type Graphics = "hardware" | "software";

const always = [
  "--enable-unsafe-webgpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  // Without both, a second crash of the GPU process leaves no adapter for good.
  "--disable-gpu-process-crash-limit",
  "--disable-domain-blocking-for-3d-apis",
];

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
 * Starts a headless Chrome that dies with this process.
 *
 * @throws BrowserError, one line; BrowserGone where it does start, but this time has not
 */
export async function launchBrowser(
  executable: string,
  graphics: Graphics,
  patience = patienceMilliseconds,
): Promise<Browser> {
  const { default: puppeteer } = await import("puppeteer-core");
  const starting = new AbortController();
  try {
    const launching = puppeteer.launch({
      executablePath: executable,
      headless: true,
      // A pipe, not a port: when this process is killed, Chrome notices and ends too.
      pipe: true,
      args: launchArguments(graphics),
      // The command decides what an interrupt means.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      // One call lasts as long as training does; a dead page or browser is noticed by its events.
      protocolTimeout: 0,
      signal: starting.signal,
    });
    return await answered(launching, patience);
  } catch (error) {
    starting.abort();
    if (error instanceof BrowserGone) throw error;
    const reason = whyItFails(executable, launchArguments(graphics));
    const options = { cause: error };
    if (reason) throw new BrowserError(`${executable} does not start: ${reason}`, options);
    const told = firstLine((error as Error).message);
    throw new BrowserGone(`the browser has ended unexpectedly (${told})`, options);
  }
}

/** What the browser itself says when it is started: through the pipe nothing of it is heard. */
function whyItFails(executable: string, parameters: readonly string[]): string | undefined {
  const { stderr, status, signal } = spawnSync(
    executable,
    [...parameters, "--headless", "--dump-dom", "about:blank"],
    {
      encoding: "utf8",
      timeout: 20_000,
    },
  );
  // Killed by somebody, or too slow: no proof that it cannot start.
  if (status === 0 || signal === "SIGKILL" || signal === "SIGTERM" || !stderr) return undefined;
  if (/no usable sandbox/i.test(stderr))
    return "its sandbox needs user namespaces, which this system or container does not allow; allow them, or run as root";
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /error while loading shared libraries|FATAL/.test(line)) ?? lines[0];
}

const firstLine = (text: string): string => text.trim().split("\n")[0];
