import { spawnSync } from "node:child_process";
import { oneLine } from "../document/shown.ts";
import type { AdapterChoice } from "../gpu/adapter.ts";
import { defaultFolder } from "../results/folder.ts";
import type { Assignment } from "./assignment.ts";
import { openExperiment } from "./experiment-file.ts";
import { fit, predictionLines } from "./fitting.ts";
import type { Winners } from "../tuner/winners.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { mayHaveGpu } from "./launch.ts";
import { bytesText } from "./number-text.ts";
import { packageVersion } from "./package-root.ts";
import { Session } from "./session.ts";
import { timeText } from "./tuning.ts";
import { placeOf, recallWinners } from "./winners-file.ts";

/** The limits that decide how large an experiment can be, and whether each is a number of bytes. */
const tellingLimits: [string, boolean][] = [
  ["maxBufferSize", true],
  ["maxStorageBufferBindingSize", true],
  ["maxStorageBuffersPerShaderStage", false],
  ["maxComputeWorkgroupStorageSize", true],
  ["maxComputeInvocationsPerWorkgroup", false],
  ["maxComputeWorkgroupsPerDimension", false],
];

/**
 * Prints what training would use, and what an experiment would take of it.
 *
 * @throws DocumentError where the document is wrong, before anything is printed, or does not fit the adapter or the disk
 */
export async function diagnose(
  choice: AdapterChoice,
  argument: string | undefined,
  assignments: readonly Assignment[],
): Promise<void> {
  const tell = (name: string, value: string): void => console.log(`${name.padEnd(12)}${value}`);
  const opened = argument === undefined ? undefined : await openExperiment(argument, assignments);
  tell("alphasweep", packageVersion());
  tell("node", process.versions.node);
  tell("system", `${process.platform} ${process.arch}`);
  tell("gpu device", mayHaveGpu() ? "there may be one" : "none: hardware is not tried");
  const interrupt = listenForInterrupt(() => {});
  const session = await Session.open({
    adapter: choice,
    say: (line) => console.error(line),
    signal: interrupt.signal,
  });
  try {
    const { adapter } = session;
    tell("browser", session.executable);
    tell("version", session.browserVersion);
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
    const winners = recallWinners(placeOf(adapter, session.browserVersion), (line) => tell("kernels", line));
    for (const line of winnersText(winners)) tell("kernels", line);
    if (!opened) return;
    const { name, search } = opened.experiment;
    const prediction = await fit(opened, adapter, defaultFolder(name));
    tell("experiment", name);
    for (const [what, value] of predictionLines(prediction, adapter, search !== undefined)) tell(what, value);
  } finally {
    await session.close();
    interrupt.release();
  }
}

/** The kernels that were measured to be the fastest here, a line a work: time, variant, work. */
function winnersText(winners: Winners): string[] {
  const works = Object.entries(winners);
  if (works.length === 0) return ["none measured yet: long trainings are, before they begin"];
  const longest = Math.max(...works.map(([, { variant }]) => variant.length));
  return works.map(
    ([work, { variant, microseconds }]) =>
      `${timeText(microseconds[variant] ?? NaN)}  ${oneLine(variant).padEnd(longest)}  ${oneLine(work)}`,
  );
}

/** Text in pages needs a font; figures bring their own. */
function fontsText(): string {
  if (process.platform !== "linux") return "the system's";
  const { stdout, status } = spawnSync("fc-list", [], { encoding: "utf8" });
  if (status !== 0) return "unknown (fc-list is not installed)";
  const fonts = stdout.split("\n").filter(Boolean).length;
  return fonts > 0 ? `${fonts} files` : "none: pages show no text; install fonts-dejavu-core";
}
