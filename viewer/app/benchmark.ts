/** The benchmark in the user's own browser: workloads are chosen, measured in a worker, and drawn as rows come. */

import type { Compared, Report } from "../../bench/row.ts";
import { workloads } from "../../bench/workloads/registry.ts";
import { formatNumber, plural } from "../figures/format.ts";
import { roofline } from "../figures/roofline.ts";
import type { Theme } from "../figures/theme.ts";
import { throughput, throughputOverAlpha } from "../figures/throughput.ts";
import { benchmarkTable } from "../page/benchmark-table.ts";
import { saveJson } from "../page/download.ts";
import { button, element } from "../page/element.ts";
import { FigureView } from "../page/figure-view.ts";
import type { BenchmarkNews, BenchmarkRequest } from "./benchmark-work.ts";
import {
  adapterOf,
  keepBenchmark,
  keptBenchmarks,
  type NamedReport,
  readBenchmark,
} from "./kept-benchmarks.ts";
import { webgpuHelp } from "./webgpu-help.ts";

/** Seconds for the repeats of one number of runs. */
const seconds = 0.8;
const fileName = "alphasweep benchmark";
/** Measured unless the user chooses others: what takes a minute on a software adapter. */
const firstWorkloads = ["diagonal-10x20", "diagonal-100x250", "relu-200x20x10"];
const limits = [4, 64, 512, 4096];
const firstLimit = 64;

export class Benchmark {
  readonly node: HTMLElement;
  readonly #theme: () => Theme;
  readonly #boxes = workloads.map(({ id, title }) => ({
    id,
    box: element("input", { type: "checkbox", id: `workload-${id}`, checked: firstWorkloads.includes(id) }),
    title,
  }));
  readonly #most = element(
    "select",
    { id: "most-runs" },
    ...limits.map((limit) =>
      element("option", { value: limit, selected: limit === firstLimit }, formatNumber(limit)),
    ),
  );
  readonly #peers = element("input", { type: "checkbox", id: "peers" });
  readonly #run = button("Measure", { class: "primary" }, () => this.#start());
  readonly #stop = button("Stop", { disabled: true }, () =>
    this.#end(this.#report?.rows.length ? "Stopped. What was measured is kept." : "Stopped."),
  );
  readonly #save = button("Download JSON", { disabled: true }, () => saveJson(fileName, this.#report));
  readonly #keep = button("Keep", { disabled: true }, () => this.#keepReport());
  readonly #others = element("fieldset", { class: "choices", hidden: true });
  readonly #table = element("div");
  readonly #bar = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "Measuring" });
  readonly #announcement = element("p", { class: "message", "aria-live": "polite" });
  readonly #figures = element("div", { class: "figures" });
  #views: FigureView<Compared>[] = [];
  /** What may be drawn beside, and what is. */
  #named: NamedReport[] = keptBenchmarks();
  readonly #beside = new Set<NamedReport>();
  #report: Report | undefined;
  #worker: Worker | undefined;

  constructor(theme: () => Theme) {
    this.#theme = theme;
    for (const { box } of this.#boxes) box.addEventListener("change", () => this.#check());
    this.node = element(
      "div",
      {},
      element("h1", {}, "Benchmark"),
      element(
        "section",
        { class: "laboratory", "aria-label": "Measure throughput" },
        element(
          "p",
          { class: "description" },
          "Trains sweeps of more and more runs, beside plain JavaScript in turn. What every training ends with is compared with float64 before its time counts.",
        ),
        element(
          "fieldset",
          { class: "choices" },
          element("legend", {}, "Workloads"),
          ...this.#boxes.map(({ id, box, title }) =>
            element(
              "div",
              { class: "control" },
              box,
              element("label", { for: box.id, title }, element("code", {}, id), ` ${title}`),
            ),
          ),
        ),
        element(
          "div",
          { class: "row" },
          element("label", { for: "most-runs" }, "Runs, at most"),
          this.#most,
          element(
            "div",
            { class: "control" },
            this.#peers,
            element("label", { for: "peers" }, "jax-js and TensorFlow.js on WebGPU beside it"),
          ),
        ),
        element(
          "div",
          { class: "row" },
          this.#run,
          this.#stop,
          this.#save,
          this.#keep,
          this.#fileField(),
          this.#bar,
        ),
        this.#others,
        this.#announcement,
      ),
      this.#figures,
      this.#table,
    );
    this.#check();
    this.#offer();
  }

  #fileField(): HTMLElement {
    const input = element("input", {
      type: "file",
      accept: ".json",
      "aria-label": "Open a benchmark of another adapter, as JSON",
    });
    input.addEventListener("change", async () => {
      const [file] = input.files ?? [];
      input.value = "";
      if (!file) return;
      try {
        const named = readBenchmark(await file.text(), file.name);
        this.#named.push(named);
        this.#beside.add(named);
        this.#offer();
        this.#show();
      } catch (error) {
        this.#announcement.textContent = `Not read: ${(error as Error).message}`;
      }
    });
    return element("label", { class: "file" }, "Open JSON", input);
  }

  #keepReport(): void {
    const report = this.#report!;
    const named = { name: `${adapterOf(report)}, ${new Date().toLocaleString("en-GB")}`, report };
    const isKept = keepBenchmark(named);
    this.#named.push(named);
    this.#offer();
    this.#announcement.textContent = isKept ? "Kept in this browser." : "Kept until this page is closed.";
  }

  /** A box for each benchmark that can stand beside. */
  #offer(): void {
    this.#others.hidden = this.#named.length === 0;
    this.#others.replaceChildren(
      element("legend", {}, "Beside it"),
      ...this.#named.map((named, k) => {
        const box = element("input", {
          type: "checkbox",
          id: `beside-${k}`,
          checked: this.#beside.has(named),
        });
        box.addEventListener("change", () => {
          if (box.checked) this.#beside.add(named);
          else this.#beside.delete(named);
          this.#show();
        });
        return element("div", { class: "control" }, box, element("label", { for: box.id }, named.name));
      }),
    );
  }

  redraw(): void {
    for (const view of this.#views) view.redraw();
  }

  #points(): BenchmarkRequest["points"] {
    const chosen = new Set(this.#boxes.filter(({ box }) => box.checked).map(({ id }) => id));
    const most = Number(this.#most.value);
    return workloads
      .filter(({ id }) => chosen.has(id))
      .flatMap(({ id, runs }) => {
        // A workload that has only larger sweeps is measured at the smallest of them.
        const small = runs.filter((count) => count <= most);
        return (small.length > 0 ? small : [Math.min(...runs)]).map((count) => ({
          workload: id,
          runs: count,
        }));
      });
  }

  #check(): void {
    this.#run.disabled = this.#worker !== undefined || this.#boxes.every(({ box }) => !box.checked);
  }

  #start(): void {
    const points = this.#points();
    this.#report = undefined;
    this.#views = [];
    this.#figures.replaceChildren();
    this.#table.replaceChildren();
    this.#save.disabled = this.#keep.disabled = true;
    this.#stop.disabled = false;
    this.#bar.hidden = false;
    this.#bar.value = 0;
    this.#announcement.textContent = "Measuring the adapter's own limits.";
    this.#worker = new Worker(new URL("./benchmark-work.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<BenchmarkNews>) =>
      this.#hear(data, points),
    );
    this.#worker.addEventListener("error", ({ message }) => this.#fail(message || "its script is not there"));
    this.#worker.postMessage({ points, peers: this.#peers.checked, seconds } satisfies BenchmarkRequest);
    this.#check();
  }

  #hear(news: BenchmarkNews, points: BenchmarkRequest["points"]): void {
    switch (news.kind) {
      case "limits":
        this.#report = { adapter: { ...news.adapter }, peaks: news.peaks, rows: [] };
        break;
      case "next": {
        const { workload, runs } = points[news.place];
        this.#bar.value = news.place / points.length;
        this.#announcement.textContent = `${news.place + 1} of ${points.length}: ${workload}, ${plural(runs, "run")}.`;
        break;
      }
      case "rows":
        this.#report = { ...this.#report!, rows: [...this.#report!.rows, ...news.rows] };
        this.#show();
        break;
      case "done":
        this.#end("Measured.");
        break;
      case "failed":
        this.#fail(news.message, news.noAdapter);
    }
  }

  /** What was measured, beside what was chosen; that alone where nothing was measured yet. */
  #show(): void {
    const beside = [...this.#beside];
    const own = this.#report?.rows.length ? this.#report : beside[0]?.report;
    this.#save.disabled = this.#keep.disabled = !this.#report?.rows.length;
    if (!own) {
      this.#views = [];
      this.#figures.replaceChildren();
      this.#table.replaceChildren();
      return;
    }
    const report: Compared = { ...own, beside: beside.filter((other) => other.report !== own) };
    if (this.#views.length === 0) {
      this.#views = [throughput, throughputOverAlpha, roofline].map(
        (figure) => new FigureView(figure, report, this.#theme, () => fileName),
      );
      this.#figures.replaceChildren(...this.#views.map(({ node }) => node));
    }
    for (const view of this.#views) view.update(report);
    this.#table.replaceChildren(benchmarkTable(report, adapterOf(report)));
  }

  #fail(message: string, noAdapter = false): void {
    this.#end("");
    this.#figures.prepend(
      noAdapter
        ? webgpuHelp(`Not measured: ${message}.`)
        : element("p", { class: "problem", role: "alert" }, `Measuring failed: ${message}`),
    );
  }

  #end(message: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#stop.disabled = true;
    this.#bar.hidden = true;
    this.#announcement.textContent = message;
    this.#check();
  }
}
