/** The viewer: a sweep that trains in the page, results that the command serves or the user opens, the benchmark. */

import "../style.css";
import { element } from "../page/element.ts";
import { drawForPrint } from "../page/printing.ts";
import { ThemeSwitch } from "../page/theme-switch.ts";
import { readAddress, writeAddress } from "./address.ts";
import { chosenFolder, holdsResults, type ResultsFolder, servedFolder } from "./results-folder.ts";
import { startDocument } from "./start-document.ts";
import { Sweep } from "./sweep.ts";
import { webgpuHelp } from "./webgpu-help.ts";

/** A way to look at something; parts that the first screen does not need are fetched when they are first shown. */
interface View {
  link: HTMLAnchorElement;
  open: () => Promise<{ node: HTMLElement; redraw(): void }>;
}

const themeSwitch = new ThemeSwitch();
const theme = () => themeSwitch.theme;
themeSwitch.changed = () => shown?.redraw();
addEventListener("beforeprint", drawForPrint);

const main = element("main", { id: "main", tabindex: -1 });
const links = element("div", { class: "ways" });
const views = new Map<string, View>();
let shown: { redraw(): void } | undefined;

function addView(id: string, label: string, open: View["open"]): void {
  const link = element("a", { href: `#${id}` }, label);
  links.append(link);
  let opened: ReturnType<View["open"]> | undefined;
  views.set(id, { link, open: () => (opened ??= open()) });
}

/** Says first what to do where nothing can be trained. */
const needingWebgpu = (node: HTMLElement) =>
  navigator.gpu
    ? node
    : element("div", {}, webgpuHelp("This browser has no WebGPU, so nothing can be trained here."), node);

const startText = startDocument();
const sweep = new Sweep(theme);
/** A setting that was left for another can be come back to. */
sweep.settled = () =>
  void writeAddress({ view: "sweep", ...(sweep.text !== startText && { document: sweep.text }) }).then(
    (address) => {
      if (address !== location.hash) history.pushState(null, "", address);
    },
  );
const sweepNode = needingWebgpu(sweep.node);
addView("sweep", "Sweep", async () => ({ node: sweepNode, redraw: () => sweep.redraw() }));
addView("benchmark", "Benchmark", async () => {
  const { Benchmark } = await import("./benchmark.ts");
  const benchmark = new Benchmark(theme);
  return { node: needingWebgpu(benchmark.node), redraw: () => benchmark.redraw() };
});

/** Shows what the address says. */
async function show(): Promise<void> {
  const place = await readAddress(location.hash);
  const id = views.has(place.view) ? place.view : "sweep";
  for (const [name, { link }] of views) {
    if (name === id) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const opening = views.get(id)!.open();
  const { node, redraw } = await opening;
  shown = { redraw };
  if (node.parentElement !== main) main.replaceChildren(node);
  const text = place.document ?? startText;
  if (id === "sweep" && text !== sweep.text) sweep.open(text, text === startText);
  redraw();
}

let folders = 0;

function showFolder(label: string, folder: ResultsFolder): void {
  const id = folders++ === 0 ? "results" : `results${String.fromCharCode(96 + folders)}`;
  addView(id, label, async () => {
    const { FolderView } = await import("./folder-view.ts");
    return new FolderView(folder, theme);
  });
  location.hash = id;
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
      showFolder(files[0].webkitRelativePath.split("/")[0] || "Folder", chosenFolder(files));
    } catch (error) {
      main.prepend(
        element("p", { class: "problem", role: "alert" }, `Not read: ${(error as Error).message}`),
      );
    }
  });
  return element("label", { class: "file" }, "Open results", input);
}

document
  .getElementById("page")!
  .replaceChildren(
    element("a", { class: "skip", href: "#main" }, "Skip to the content"),
    element(
      "nav",
      { class: "bar", "aria-label": "alphasweep" },
      element("span", { class: "wordmark" }, "alphasweep"),
      links,
      folderField(),
      themeSwitch.node,
    ),
    main,
  );

// Links and Back both tell of it.
addEventListener("popstate", () => void show());
const served = servedFolder("/results/");
if (location.hash === "" && (await holdsResults(served))) showFolder("Results", served);
else await show();
