/** The viewer: results that the command serves, an experiment run in the page, or a folder that the user opens. */

import "../style.css";
import type { Results } from "../../src/results/types.ts";
import { button, element } from "../page/element.ts";
import { FigureView } from "../page/figure-view.ts";
import { ResultsView } from "../page/results-view.ts";
import { ThemeSwitch } from "../page/theme-switch.ts";
import { Benchmark } from "./benchmark.ts";
import { Laboratory } from "./laboratory.ts";
import {
  chosenFolder,
  holdsResults,
  readArray,
  readTables,
  type ResultsFolder,
  servedFolder,
} from "./results-folder.ts";
import { webgpuHelp } from "./webgpu-help.ts";

interface Way {
  button: HTMLButtonElement;
  node: HTMLElement;
  redraw: () => void;
}

let shown: Way | undefined;
const themeSwitch = new ThemeSwitch();
themeSwitch.changed = () => shown?.redraw();
addEventListener("beforeprint", () => FigureView.printed());
const theme = () => themeSwitch.theme;

const main = element("main");
const ways = element("div", { class: "ways", role: "group", "aria-label": "What to look at" });

/** Adds a way in, with a button that leads to it. */
function addWay(label: string, node: HTMLElement, redraw: () => void): Way {
  const way: Way = { button: button(label, { "aria-pressed": "false" }, () => show(way)), node, redraw };
  ways.append(way.button);
  return way;
}

function show(way: Way): void {
  shown?.button.setAttribute("aria-pressed", "false");
  shown = way;
  way.button.setAttribute("aria-pressed", "true");
  main.replaceChildren(way.node);
  way.redraw();
}

/** Reads a folder and shows it: its tables first, its arrays when they have come. */
async function showFolder(label: string, folder: ResultsFolder): Promise<void> {
  const holder = element("div", {}, element("p", { role: "status" }, "Reading …"));
  let view: ResultsView | undefined;
  show(addWay(label, holder, () => view?.redraw()));
  try {
    const results = await readTables(folder);
    view = new ResultsView(results, theme);
    holder.replaceChildren(view.node);
    const arrays: Results["arrays"] = {};
    for (const name of ["predictor", "ntk"] as const) {
      const array = await readArray(folder, name, results.runs.rows);
      if (!array) continue;
      arrays[name] = array;
      view.update({ ...results, arrays: { ...arrays } });
    }
  } catch (error) {
    const problem = element(
      "p",
      { class: "problem", role: "alert" },
      `Not read: ${(error as Error).message}`,
    );
    if (view) holder.prepend(problem);
    else holder.replaceChildren(problem);
  }
}

function folderField(): HTMLElement {
  const input = element("input", {
    type: "file",
    webkitdirectory: true,
    "aria-label": "Open a results folder",
  });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length === 0) return;
    try {
      const name = files[0].webkitRelativePath.split("/")[0] || "Folder";
      void showFolder(name, chosenFolder(files));
    } catch (error) {
      main.prepend(
        element("p", { class: "problem", role: "alert" }, `Not read: ${(error as Error).message}`),
      );
    }
  });
  return element("label", { class: "file" }, "Open a results folder", input);
}

document
  .getElementById("page")!
  .replaceChildren(
    element(
      "nav",
      { class: "bar", "aria-label": "alphasweep" },
      element("span", { class: "wordmark" }, "alphasweep"),
      ways,
      folderField(),
      themeSwitch.node,
    ),
    main,
  );

/** Says first what to do where nothing can be trained. */
const needingWebgpu = (node: HTMLElement) =>
  navigator.gpu
    ? node
    : element("div", {}, webgpuHelp("This browser has no WebGPU, so nothing can be trained here."), node);

const laboratory = new Laboratory(theme);
const run = addWay("Run an experiment", needingWebgpu(laboratory.node), () => laboratory.redraw());
const benchmark = new Benchmark(theme);
addWay("Benchmark", needingWebgpu(benchmark.node), () => benchmark.redraw());

const served = servedFolder("/results/");
if (await holdsResults(served)) await showFolder("Results", served);
else show(run);
