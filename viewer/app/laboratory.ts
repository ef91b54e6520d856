/** A document, run live in the page: chosen or written, checked, trained, and drawn while it trains. */

import {
  checkExperiment,
  type EngineReport,
  type Files,
  openDevice,
  runExperiment,
  tuneExperiment,
} from "../../src/engine.ts";
import { DocumentError } from "../../src/document/error.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import type { Experiment } from "../../src/document/types.ts";
import { AdapterError } from "../../src/gpu/adapter.ts";
import type { Manifest } from "../../src/results/types.ts";
import type { Progress, Sink } from "../../src/scheduler/sink.ts";
import { formatCount, formatDuration, formatNumber, plural } from "../figures/format.ts";
import type { Theme } from "../figures/theme.ts";
import { button, element } from "../page/element.ts";
import { ResultsView } from "../page/results-view.ts";
import { builtIns, fetchFiles } from "./experiments.ts";
import { MemorySink } from "./memory-sink.ts";
import { rememberedKernels } from "./remembered-kernels.ts";
import { webgpuHelp } from "./webgpu-help.ts";

/** While training, figures take at most this share of the time, and no more than a few drawings a second. */
const drawingShare = 0.25;
const shortestPause = 250;

/** What messages call the document in the text field. */
const documentName = "document";
const firstExperiment = "alpha-sweep";

export class Laboratory {
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #text = element("textarea", {
    id: "document",
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "document-message",
  });
  readonly #message = element("p", { class: "message", id: "document-message", role: "status" });
  readonly #run = button("Run", { class: "primary" }, () => void this.#start());
  readonly #stop = button("Stop", { disabled: true }, () => this.#end());
  readonly #bar = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "Training" });
  readonly #pace = element("span", {});
  readonly #announcement = element("p", { class: "message", "aria-live": "polite" });
  readonly #output = element("div");
  #abort: AbortController | undefined;
  #view: ResultsView | undefined;

  constructor(theme: () => Theme) {
    this.#theme = theme;
    const choose = element(
      "select",
      { id: "experiment" },
      ...builtIns.map(({ name }) =>
        element("option", { value: name, selected: name === firstExperiment }, name),
      ),
    );
    const take = () => {
      this.#text.value = builtIns.find(({ name }) => name === choose.value)?.text ?? "";
      this.#check();
    };
    choose.addEventListener("change", take);
    this.#text.addEventListener("input", () => this.#check());
    this.node = element(
      "div",
      {},
      element(
        "section",
        { class: "laboratory", "aria-label": "Run an experiment" },
        element("div", { class: "row" }, element("label", { for: "experiment" }, "Experiment"), choose),
        element("label", { for: "document" }, "Its document, which you can change"),
        this.#text,
        this.#message,
        element("div", { class: "row" }, this.#run, this.#stop, this.#bar, this.#pace),
        this.#announcement,
      ),
      this.#output,
    );
    take();
  }

  redraw(): void {
    this.#view?.redraw();
  }

  /** Says what is wrong with the document, or how much work it is. */
  #check(): Experiment | undefined {
    try {
      const experiment = parseExperiment(this.#text.value, documentName);
      const { runs, search } = experiment;
      this.#tell(
        search
          ? `A search over ${search.specification.path} at ${plural(search.points.length, "point")}.`
          : `${plural(runs.length, "run")}.`,
        false,
      );
      this.#run.disabled = this.#abort !== undefined;
      return experiment;
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      this.#tell(error.message, true);
      this.#run.disabled = true;
      return undefined;
    }
  }

  #tell(message: string, isProblem: boolean): void {
    this.#message.textContent = message;
    this.#message.classList.toggle("problem", isProblem);
    this.#text.setAttribute("aria-invalid", String(isProblem));
  }

  /** Stops after the work in flight. */
  #end(): void {
    this.#stop.disabled = true;
    this.#announcement.textContent = "Stopping.";
    this.#abort?.abort();
  }

  async #start(): Promise<void> {
    const experiment = this.#check();
    if (!experiment || this.#abort) return;
    this.#abort = new AbortController();
    this.#run.disabled = true;
    this.#stop.disabled = false;
    this.#output.replaceChildren();
    this.#view = undefined;
    this.#announcement.textContent = "Training begins.";
    this.#pace.textContent = "";
    try {
      await this.#train(experiment, this.#abort.signal);
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#abort = undefined;
      this.#stop.disabled = true;
      this.#bar.hidden = true;
      this.#pace.textContent = "";
      this.#run.disabled = this.#text.getAttribute("aria-invalid") === "true";
    }
  }

  async #train(experiment: Experiment, signal: AbortSignal): Promise<void> {
    const files = await fetchFiles(experiment);
    const warnings = await checkExperiment(experiment, files);
    const sink = new MemorySink(experiment);
    const manifest = startedManifest(experiment, warnings);
    const drawing = this.#drawWhile(sink, manifest);
    try {
      const report = await trainHere(experiment, files, sink, signal);
      Object.assign(manifest, finished(report));
      this.#announcement.textContent = `Finished after ${formatDuration(report.seconds)}.`;
    } catch (error) {
      manifest.status = signal.aborted ? "interrupted" : "failed";
      if (!signal.aborted) throw error;
      this.#announcement.textContent = "Stopped. What was recorded is kept.";
    } finally {
      drawing.stop();
    }
  }

  /** Draws what has come, again and again, but leaves most of the time to training. */
  #drawWhile(sink: MemorySink, manifest: Manifest): { stop: () => void } {
    let drawn = -1;
    let next = 0;
    let frame = 0;
    const draw = () => {
      const { revision } = sink;
      manifest.seconds = sink.progressed?.seconds ?? manifest.seconds;
      const results = sink.results({ ...manifest, warnings: [...manifest.warnings, ...sink.notes] });
      if (this.#view) this.#view.update(results);
      else {
        this.#view = new ResultsView(results, this.#theme);
        this.#output.replaceChildren(this.#view.node);
      }
      drawn = revision;
    };
    const drawAndRest = () => {
      const begun = performance.now();
      next = Infinity;
      draw();
      // Figures draw in the next frame; the one after it begins when they are on the screen.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          const now = performance.now();
          next = now + Math.max(shortestPause, (now - begun) * (1 / drawingShare - 1));
        }),
      );
    };
    const tick = () => {
      if (sink.progressed) this.#showProgress(sink.progressed);
      if (sink.revision !== drawn && performance.now() >= next) drawAndRest();
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return {
      stop: () => {
        cancelAnimationFrame(frame);
        draw();
      },
    };
  }

  #showProgress({ runs, runsDone, runSteps, runStepsTotal, seconds }: Progress): void {
    const share = runStepsTotal > 0 ? runSteps / runStepsTotal : runsDone / runs;
    const rate = seconds > 0 ? runSteps / seconds : 0;
    const left = rate > 0 ? (runStepsTotal - runSteps) / rate : NaN;
    this.#bar.hidden = false;
    this.#bar.value = share;
    this.#pace.textContent = [
      `${formatCount(runsDone)} of ${formatCount(runs)} runs`,
      `${formatNumber(rate, 3)} run-steps/s`,
      Number.isFinite(left) && share < 1 ? `${formatDuration(left)} left` : "",
    ]
      .filter(Boolean)
      .join(", ");
    // Quarters only: a screen reader would never stop reading numbers.
    const quarter = Math.floor(share * 4) * 25;
    const announced = `${quarter}% trained.`;
    if (quarter > 0 && quarter < 100 && this.#announcement.textContent !== announced)
      this.#announcement.textContent = announced;
  }

  #fail(error: Error): void {
    this.#announcement.textContent = "";
    // What is wrong may be in a file, so the document can be tried again as it is.
    if (error instanceof DocumentError) this.#tell(error.message, true);
    else if (error instanceof AdapterError)
      this.#output.replaceChildren(webgpuHelp(`Not run: ${error.message}.`));
    else {
      console.error(error);
      this.#output.prepend(
        element("p", { class: "problem", role: "alert" }, `Training failed: ${error.message}`),
      );
    }
  }
}

/** Trains in this page; long trainings with the kernels that are the fastest on this adapter. */
async function trainHere(
  experiment: Experiment,
  files: Files,
  sink: Sink,
  signal: AbortSignal,
): Promise<EngineReport> {
  const device = await openDevice({ gpu: navigator.gpu });
  try {
    const memory = rememberedKernels(device.adapter);
    const { settled } = await tuneExperiment(experiment, files, { gpu: undefined, device, memory, signal });
    memory.keep();
    return await runExperiment(experiment, files, { gpu: navigator.gpu, device, settled, sink, signal });
  } finally {
    device.destroy();
  }
}

/** A manifest of what has begun; the adapter is known when it is done. */
const startedManifest = ({ name, document }: Experiment, warnings: string[]): Manifest => ({
  format: 1,
  name,
  document,
  adapter: {
    vendor: "",
    architecture: "",
    device: "",
    description: "",
    software: false,
    features: [],
    limits: {},
  },
  browser: browserName(),
  versions: {},
  seconds: 0,
  status: "running",
  warnings,
  kernels: {},
});

const finished = ({ adapter, seconds, kernels }: EngineReport): Partial<Manifest> => ({
  adapter,
  seconds,
  kernels,
  status: "finished",
});

/** "Chrome 156", from what the browser says of itself. */
const browserName = (): string =>
  /(Edg|Firefox|Chrome|Version)\/(\d+)/
    .exec(navigator.userAgent)
    ?.slice(1)
    .join(" ")
    .replace("Edg ", "Edge ")
    .replace("Version ", "Safari ") ?? "";
