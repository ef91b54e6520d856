import { spawnSync } from "node:child_process";
import { oneLine } from "../../document/shown.ts";
import { type AdapterChoice, isSoftware } from "../../gpu/adapter.ts";
import { defaultFolder } from "../../results/folder.ts";
import type { Assignment } from "../experiment/assignment.ts";
import { dawnAdapters, isLavapipe } from "../runtimes/dawn-adapters.ts";
import { driverFileProblems } from "../runtimes/driver-files.ts";
import { type OpenedExperiment, openExperiment } from "../experiment/experiment-file.ts";
import { explain, Interrupted } from "../process/failure.ts";
import { fit, predictionLines } from "./fitting.ts";
import type { Winners } from "../../tuner/winners.ts";
import { listenForInterrupt } from "../runtimes/interrupt.ts";
import { graphicsToTry, mayHaveGpu } from "../runtimes/launch.ts";
import { bytesText } from "../process/number-text.ts";
import { packageVersion } from "../process/package-root.ts";
import { ProgressLine } from "../process/progress-line.ts";
import { openTrainer, type TrainerOptions } from "../runtimes/open-trainer.ts";
import { Session } from "../runtimes/session.ts";
import type { Runtime, RuntimeChoice, Trainer } from "../runtimes/trainer.ts";
import { timeText } from "../runtimes/tuning.ts";
import { placeOf } from "../runtimes/adapter-file.ts";
import { recallWinners } from "../runtimes/winners-file.ts";

/** The limits that decide how large an experiment can be, and whether each is a number of bytes. */
const tellingLimits: [string, boolean][] = [
  ["maxBufferSize", true],
  ["maxStorageBufferBindingSize", true],
  ["maxStorageBuffersPerShaderStage", false],
  ["maxComputeWorkgroupStorageSize", true],
  ["maxComputeInvocationsPerWorkgroup", false],
  ["maxComputeWorkgroupsPerDimension", false],
];

/** What is looked for, and where. */
export interface Wanted {
  adapter: AdapterChoice;
  runtime: RuntimeChoice;
}

const tell = (name: string, value: string): void => console.log(`${name.padEnd(12)}${value}`);

/**
 * Prints what training would use: every adapter with what it does in a second, or, of an experiment, what it would take.
 *
 * @throws DocumentError where the document is wrong, before anything is printed, or does not fit the adapter or the disk;
 *   BrowserError or AdapterError where nothing trains here
 */
export async function diagnose(
  wanted: Wanted,
  argument: string | undefined,
  assignments: readonly Assignment[],
): Promise<void> {
  const opened = argument === undefined ? undefined : await openExperiment(argument, assignments);
  tell("alphasweep", packageVersion());
  tell("node", process.versions.node);
  tell("system", `${process.platform} ${process.arch}`);
  tell("gpu device", mayHaveGpu() ? "there may be one" : "none: hardware is not tried");
  const interrupt = listenForInterrupt(() => {});
  try {
    const request = { ...wanted, say: (line: string) => console.error(line), signal: interrupt.signal };
    if (!opened) await tellAdapters(request);
    const trainer = await openTrainer(wanted.runtime, request);
    try {
      await tellTrainer(trainer, opened);
    } finally {
      await trainer.close();
    }
  } finally {
    interrupt.release();
  }
}

/** Every adapter, and how fast it is. */
async function tellAdapters({
  adapter,
  runtime,
  ...request
}: Wanted & Pick<TrainerOptions, "say" | "signal">) {
  const { names, told } = runtime === "chrome" ? { names: [], told: [] } : await dawnAdapters();
  const candidates: [Runtime, AdapterChoice, string?][] = [
    ...(runtime === "node"
      ? []
      : graphicsToTry(adapter).map((kind) => ["chrome", kind] as [Runtime, AdapterChoice])),
    ...names.map((name): [Runtime, AdapterChoice, string] => ["node", "auto", name]),
  ];
  const { measureAdapter } = await import("../../../bench/adapter-speed.ts");
  const line = new ProgressLine();
  for (const [where, kind, device] of candidates) {
    line.show(`measuring ${device ?? `Chrome's ${kind} adapter`}`);
    const options = { ...request, adapter: kind, ...(device !== undefined && { device }) };
    const lines = await measureAdapter(where, options).catch((error: unknown) => {
      if (error instanceof Interrupted) throw error;
      return [explain(error)];
    });
    line.clear();
    lines.forEach((text, place) => tell(place === 0 ? where : "", text));
  }
  if (runtime !== "chrome" && process.platform === "linux")
    for (const line of driverFileProblems()) tell("drivers", oneLine(line));
  for (const line of told) tell("drivers", oneLine(line));
  for (const line of advice(names, runtime)) tell("faster", line);
}

/** What would be faster, and how to get it. */
function advice(names: readonly string[], runtime: RuntimeChoice): string[] {
  if (process.platform !== "linux" || runtime === "chrome" || names.some((name) => !isSoftware(name)))
    return [];
  const driver = mayHaveGpu()
    ? ["a driver for the GPU: mesa-vulkan-drivers for Intel's and AMD's, NVIDIA's own for NVIDIA's"]
    : [];
  if (names.some(isLavapipe)) return driver;
  return [
    ...driver,
    "lavapipe, which computes on the CPU a few times as fast as Chrome does: apt-get install mesa-vulkan-drivers " +
      "(23 or later; on Debian 12 with -t bookworm-backports)",
  ];
}

async function tellTrainer(trainer: Trainer, opened: OpenedExperiment | undefined): Promise<void> {
  const { adapter, browserVersion } = trainer;
  tell("runs in", `${browserVersion}${trainer.reason === undefined ? "" : `: ${trainer.reason}`}`);
  if (trainer instanceof Session) tell("browser", trainer.executable);
  tell(
    "adapter",
    [adapter.vendor, adapter.architecture, adapter.device, adapter.description].filter(Boolean).join(" "),
  );
  tell("software", adapter.software ? "yes: it computes on the CPU" : "no");
  tell("features", adapter.features.join(", ") || "none");
  for (const [name, isBytes] of tellingLimits) {
    const value = adapter.limits[name];
    if (value !== undefined) tell("limit", `${name} ${isBytes ? bytesText(value) : value}`);
  }
  tell("fonts", fontsText());
  const winners = recallWinners(placeOf(adapter, browserVersion), (line) => tell("kernels", line));
  for (const line of winnersText(winners)) tell("kernels", line);
  if (!opened) return;
  const { name, search } = opened.experiment;
  const prediction = await fit(opened, adapter, defaultFolder(name));
  tell("experiment", name);
  for (const [what, value] of predictionLines(prediction, adapter, search !== undefined)) tell(what, value);
}

/** The kernels that were measured to be the fastest here, a line a work: time, variant, work. */
function winnersText(winners: Winners): string[] {
  const works = Object.entries(winners);
  if (works.length === 0) return ["none measured yet: long trainings are, before they begin"];
  const longest = Math.max(...works.map(([, { variant }]) => variantText(variant).length));
  return works.map(
    ([work, { variant, microseconds }]) =>
      `${timeText(microseconds[variant] ?? NaN)}  ${variantText(variant).padEnd(longest)}  ${keptWorkText(work)}`,
  );
}

/** Without the hash of its text: "predictor_products.wgsl plain LANES=64". */
const variantText = (variant: string): string => oneLine(variant).replace(/#\w+/, "");

/** Without the hash of what was compared, and the model as one reads it: "updates diagonal depth=2 samples=10 ...". */
const keptWorkText = (work: string): string =>
  oneLine(work)
    .replace(/ [0-9a-f]+$/, "")
    .replace('"kind":', "")
    .replace(/[{}"]/g, "")
    .replaceAll(",", " ")
    .replaceAll(":", "=");

/** Text in pages needs a font; figures bring their own. */
function fontsText(): string {
  if (process.platform !== "linux") return "the system's";
  const { stdout, status } = spawnSync("fc-list", [], { encoding: "utf8" });
  if (status !== 0) return "unknown (fc-list is not installed)";
  const fonts = stdout.split("\n").filter(Boolean).length;
  return fonts > 0 ? `${fonts} files` : "none: pages show no text; install fonts-dejavu-core";
}
