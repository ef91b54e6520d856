/** The start page: a sweep that trains while its document is changed, by sliders, as a form or as text. */

import { DocumentError } from "../../src/document/error.ts";
import type { Experiment, Json } from "../../src/document/types.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { AdapterError } from "../../src/gpu/adapter.ts";
import type { Results } from "../../src/results/types.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import type { Progress } from "../../src/scheduler/sink.ts";
import { formatCount, formatDuration, formatNumber, plural } from "../figures/format.ts";
import type { Theme } from "../figures/theme.ts";
import { clearByEscape, Selection } from "../linked/selection.ts";
import { LiveFigures } from "../live/live-figures.ts";
import type { DataSizes } from "../live/document-sliders.ts";
import { SliderPanel } from "../live/slider-panel.ts";
import { saveZip } from "../page/download.ts";
import { button, element } from "../page/element.ts";
import type { FigureSettings } from "../page/results-view.ts";
import { documentText } from "./document-text.ts";
import { Editor } from "./editor.ts";
import { expectedSeconds, learnPace } from "./estimate.ts";
import { fetchFiles } from "./page-files.ts";
import { FullResults } from "./full-results.ts";
import { type Training, Trainer } from "./trainer.ts";
import { webgpuHelp } from "./webgpu-help.ts";

/** What messages call the document. */
const documentName = "document";
/** A document that is expected to take longer waits for Run. */
const liveSeconds = 20;
/** While training, drawing takes at most this share of the time; what has come is drawn this soon at the latest. */
const drawingShare = 0.25;
const longestPause = 80;
/** Milliseconds without a key press after which a written document trains. */
const typingPause = 500;

export class Sweep {
  readonly node: HTMLElement;
  /** Told when the document is one that a reader would come back to. */
  settled = async (): Promise<void> => {};
  /** Told when a reader has picked or brushed something, in any view of this training. */
  chosen = (): void => {};
  /** Told when there are more records. */
  grown = (): void => {};
  readonly #trainer = new Trainer();
  /** Picked and looked at in all figures of the page. */
  readonly selection = new Selection();
  readonly #figures: LiveFigures;
  readonly #full: FullResults;
  readonly #editor: Editor;
  readonly #sliders: SliderPanel;
  readonly #heading = element("h1");
  readonly #description = element("p", { class: "description" });
  readonly #run = button("Run", { class: "primary", title: "Ctrl+Enter" }, () => void this.#train(true));
  readonly #stop = button("Stop", { disabled: true }, () => this.#trainer.stop());
  readonly #ghosts = button("Clear earlier curves", { hidden: true }, () => {
    this.#figures.forget();
    this.#ghosts.hidden = true;
  });
  readonly #save = button("Save results", { disabled: true }, () => void this.#saveFolder());
  readonly #copy = button("Copy link", {}, () => void this.#copyLink());
  readonly #bar = element("progress", { max: 1, value: 0, "aria-label": "Training" });
  readonly #pace = element("p", { class: "pace" });
  readonly #announcement = element("p", { class: "spoken", "aria-live": "polite" });
  readonly #problem = element("div", { class: "problems" });
  #text = "";
  /** What was trained last, whole or in part. */
  #results: Results | undefined;
  /** A run that was asked for has come to its end, and is nowhere but here. */
  #isUnsaved = false;
  /** Another training is to take the place of the one under way, so its end is not the end of it. */
  #hasNext = false;
  #experiment: Experiment | undefined;
  #sizes: DataSizes = { samples: 10, inputs: 20 };
  #typing: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;

  constructor(theme: () => Theme) {
    this.#figures = new LiveFigures(theme, this.selection);
    this.#full = new FullResults(theme, this.selection);
    this.#editor = new Editor({
      write: (text) => this.#take(text, "typed"),
      end: () => void this.settled(),
    });
    this.#sliders = new SliderPanel({
      begin: () => this.#leave(),
      write: (document) => this.#take(documentText(document), "dragged"),
      end: () => void this.settled(),
    });
    this.node = element(
      "div",
      {},
      element(
        "div",
        { class: "sweep" },
        element("header", { class: "lead" }, this.#heading, this.#description),
        element(
          "div",
          { class: "panel" },
          this.#sliders.node,
          element(
            "div",
            { class: "row" },
            this.#run,
            this.#stop,
            button("Document", { class: "opens", "aria-expanded": "false", "aria-controls": "drawer" }, () =>
              this.#editor.toggle(),
            ),
            this.#save,
            this.#copy,
            this.#ghosts,
          ),
          this.#bar,
          this.#pace,
          this.#announcement,
          this.#problem,
        ),
        this.#figures.node,
      ),
      this.#full.node,
      this.#editor.node,
    );
    addEventListener("keydown", (event) => {
      if (!this.node.isConnected || event.defaultPrevented) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.#train(true);
      clearByEscape(event, this.selection, this.node);
    });
    this.#full.touched = () => void this.settled();
    this.selection.addEventListener("chosen", () => this.chosen());
    addEventListener("beforeunload", (event) => {
      if (this.#isUnsaved) event.preventDefault();
    });
    if (navigator.gpu) this.#trainer.warm();
  }

  /** What was trained last, whole or in part. */
  get results(): Results | undefined {
    return this.#results;
  }

  get text(): string {
    return this.#text;
  }

  /**
   * Shows a document; a short one trains at once.
   *
   * @param isShort whatever an estimate says
   */
  open(text: string, isShort = false): void {
    this.#leave();
    this.#take(text, isShort ? "opened, short" : "opened");
  }

  /** What figures are set to by hand. */
  get settings(): FigureSettings {
    return this.#full.settings;
  }

  restore(settings: FigureSettings): void {
    this.#full.restore(settings);
  }

  async #saveFolder(): Promise<void> {
    const results = this.#results!;
    const [{ resultsFiles }, { packFiles }] = await Promise.all([
      import("./results-files.ts"),
      import("../page/archive.ts"),
    ]);
    const files = [...resultsFiles(results)].map(
      ([path, bytes]) => [`${results.manifest.name}/${path}`, bytes] as const,
    );
    saveZip(results.manifest.name, packFiles(new Map(files)));
    this.#isUnsaved = false;
  }

  async #copyLink(): Promise<void> {
    await this.settled();
    const copied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    this.#announcement.textContent = copied ? "Link copied." : "The page’s address is the link.";
    this.#copy.textContent = copied ? "Copied" : "It is the address";
    setTimeout(() => (this.#copy.textContent = "Copy link"), 2000);
  }

  /** Trains the document at hand on other data. */
  takeData(data: Json): void {
    this.open(documentText({ ...(JSON.parse(this.#text) as { [key: string]: Json }), data }));
  }

  redraw(): void {
    this.#figures.redraw();
    this.#full.redraw();
  }

  /** What is drawn becomes a ghost, for another setting comes. */
  #leave(): void {
    this.#figures.leave();
    this.#ghosts.hidden = !this.#figures.hasGhosts;
  }

  #take(text: string, how: "opened" | "opened, short" | "typed" | "dragged"): void {
    this.#text = text;
    clearTimeout(this.#typing);
    if (how !== "typed") this.#editor.show(text);
    this.#showSliders();
    this.#experiment = this.#check();
    if (!this.#experiment) {
      this.#awaitNoNext();
      return;
    }
    this.#name(this.#experiment);
    this.#awaitNext();
    if (how === "typed") this.#typing = setTimeout(() => void this.#train(), typingPause);
    else void this.#train(false, how === "opened, short");
  }

  /** A text that is no JSON leaves them as they are. */
  #showSliders(): void {
    try {
      this.#sliders.show(JSON.parse(this.#text) as Json, this.#sizes);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }

  #check(): Experiment | undefined {
    this.#problem.replaceChildren();
    try {
      const experiment = parseExperiment(this.#text, documentName);
      this.#editor.tell(undefined, sizeText(experiment));
      this.#run.disabled = false;
      return experiment;
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      this.#refuse(error);
      return undefined;
    }
  }

  #refuse(error: DocumentError): void {
    this.#editor.tell(error);
    this.#run.disabled = true;
    this.#problem.replaceChildren(element("p", { class: "problem" }, error.message));
  }

  #name({ name, document }: Experiment): void {
    const { description } = document as { description?: string };
    this.#heading.textContent = name === documentName ? "An experiment" : name;
    this.#heading.title = name;
    this.#description.textContent = description ?? "";
    this.#description.title = description ?? "";
  }

  /** @param asked by Run: however long it takes, as is what is known to be short */
  async #train(asked = false, isShort = asked): Promise<void> {
    clearTimeout(this.#typing);
    const experiment = this.#experiment;
    if (!experiment || !navigator.gpu) return;
    this.#awaitNext();
    if (asked) this.#leave();
    try {
      // Data and the model's code are fetched at once.
      const [files] = await Promise.all([fetchFiles(experiment), behaviourOf(experiment.runs[0].model)]);
      const [first] = await loadRuns(experiment.runs.slice(0, 1), files);
      if (this.#experiment !== experiment) return;
      this.#sizes = { samples: first.dataset.samples, inputs: first.dataset.inputs };
      this.#showSliders();
      const expected = expectedSeconds(experiment, this.#sizes);
      this.#editor.tell(undefined, `${sizeText(experiment)} ${expectedText(experiment, expected)}`);
      if (!isShort && (expected ?? Infinity) > liveSeconds) {
        this.#trainer.stop();
        this.#awaitNoNext();
        this.#pace.textContent = `${sizeText(experiment)} ${expectedText(experiment, expected)}; Run trains it.`;
        return;
      }
      if (asked) void this.settled();
      const training = await this.#trainer.train(experiment, fetchFiles, (begun) => this.#follow(begun));
      if (training?.manifest.status !== "finished") return;
      const { seconds } = training.manifest;
      if (seconds > 0) learnPace(experiment, this.#sizes, seconds);
      if (!asked) return;
      this.#isUnsaved = true;
      this.#full.keep(resultsOf(training));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Draws what has come, with the next frame, as long as a training goes on. */
  #follow(training: Training): void {
    const { manifest } = training;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#hasNext = false;
    this.#stop.disabled = false;
    let drawn = { sink: training.sink, revision: 0 };
    let next = 0;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const tick = () => {
      const { sink } = training;
      const isOver = manifest.status !== "running";
      if (sink.progressed) this.#showProgress(sink.progressed, isOver);
      const begun = performance.now();
      const isNews = sink !== drawn.sink || sink.revision !== drawn.revision;
      if ((isNews && begun >= next && !still) || isOver) {
        drawn = { sink, revision: sink.revision };
        manifest.seconds = sink.progressed?.seconds ?? manifest.seconds;
        const results = (this.#results = resultsOf(training));
        this.#figures.update(results);
        // Figures below would be made twice, while the first screen waits for its kernels.
        if (training.isWhole) this.#full.update(results);
        this.grown();
        const now = performance.now();
        next = now + Math.min(longestPause, (now - begun) * (1 / drawingShare - 1));
      }
      this.#frame = isOver ? undefined : requestAnimationFrame(tick);
      if (isOver) this.#end(manifest.status);
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #end(status: string): void {
    this.#stop.disabled = true;
    this.#save.disabled = false;
    if (this.#hasNext) return;
    this.#busy(false);
    this.#announcement.textContent = status === "finished" ? "Training finished." : "Training stopped.";
  }

  #showProgress({ runs, runsDone, runSteps, runStepsTotal, seconds }: Progress, isOver: boolean): void {
    const share = runStepsTotal > 0 ? runSteps / runStepsTotal : runsDone / runs;
    const rate = seconds > 0 ? runSteps / seconds : 0;
    const left = rate > 0 ? (runStepsTotal - runSteps) / rate : NaN;
    this.#bar.value = isOver ? 1 : share;
    this.#pace.textContent = [
      `${formatCount(runsDone)} of ${plural(runs, "run")}`,
      `${formatNumber(rate, 2)} run-steps/s`,
      isOver ? formatDuration(seconds) : Number.isFinite(left) ? `${formatDuration(left)} left` : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }

  #awaitNext(): void {
    this.#hasNext = true;
    this.#busy(true);
  }

  /** What is under way goes on to its own end. */
  #awaitNoNext(): void {
    this.#hasNext = false;
    this.#busy(this.#frame !== undefined);
  }

  /** Whether what is drawn is about to change. */
  #busy(isBusy: boolean): void {
    this.#figures.node.setAttribute("aria-busy", String(isBusy));
  }

  #fail(error: Error): void {
    this.#stop.disabled = true;
    this.#hasNext = false;
    this.#busy(false);
    if (error instanceof DocumentError) {
      // What is wrong may be in a file, so the document can be tried again as it is.
      this.#refuse(error);
      this.#run.disabled = false;
    } else if (error instanceof AdapterError)
      this.#problem.replaceChildren(webgpuHelp(`Not run: ${error.message}.`));
    else {
      console.error(error);
      this.#problem.replaceChildren(
        element("p", { class: "problem", role: "alert" }, `Training failed: ${error.message}`),
      );
    }
  }
}

const resultsOf = ({ sink, manifest }: Training): Results =>
  sink.results({ ...manifest, warnings: [...manifest.warnings, ...sink.notes] });

const sizeText = ({ runs, search }: Experiment): string =>
  search
    ? `A search over ${search.specification.path} at ${plural(search.points.length, "point")}.`
    : `${plural(runs.length, "run")}.`;

const expectedText = ({ search }: Experiment, seconds: number | undefined): string =>
  seconds !== undefined
    ? `About ${formatDuration(Math.max(0.1, seconds))} here`
    : search
      ? "It takes as long as its probes need"
      : "A flow takes the steps that it needs";
