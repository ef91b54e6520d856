/** The viewer: a sweep that trains in the page, results that the command serves or the user opens, the benchmark. */

import "../style.css";
import { element } from "../page/element.ts";
import type { FigureSettings } from "../page/results-view.ts";
import { drawForPrint } from "../page/printing.ts";
import { ThemeSwitch } from "../page/theme-switch.ts";
import { type Place, readAddress, writeAddress } from "./address.ts";
import { offerFolder } from "./available-results.ts";
import type { Compare } from "./compare.ts";
import { droppedFiles, type GivenFiles, pickedFiles } from "./given-files.ts";
import {
  addressOf,
  givenFolder,
  listedFolder,
  manifestIn,
  type ResultsFolder,
  servedListing,
} from "./results-folder.ts";
import type { LabSource } from "../lab/kernel-lab.ts";
import { startDocument } from "./start-document.ts";
import { Sweep } from "./sweep.ts";
import { webgpuHelp } from "./webgpu-help.ts";

/** A way to look at something; parts that the first screen does not need are fetched when they are first shown. */
interface View {
  link: HTMLAnchorElement;
  open: (place: Place) => Promise<Shown>;
}

interface Shown {
  node: HTMLElement;
  redraw(): void;
  /** Results whose kernels the lab can look at afterwards. */
  source?: LabSource;
  /** What a link to it says as it is now. */
  place?(): Omit<Place, "view">;
  /** Shows what a link says. */
  restore?(place: Place): void;
}

const themeSwitch = new ThemeSwitch();
const theme = () => themeSwitch.theme;
themeSwitch.changed = () => shown?.redraw();
addEventListener("beforeprint", drawForPrint);

const main = element("main", { id: "main", tabindex: -1 });
const links = element("div", { class: "ways" });
const views = new Map<string, View>();
let shown: Shown | undefined;
/** The view that is shown. */
let current = "";

function addView(id: string, label: string, open: () => Promise<Shown>): void {
  const link = element("a", { href: `#${id}` }, label);
  links.append(link);
  let opened: Promise<Shown> | undefined;
  views.set(id, { link, open: () => (opened ??= open()) });
}

/** Says first what to do where nothing can be trained. */
const needingWebgpu = (node: HTMLElement) =>
  navigator.gpu
    ? node
    : element("div", {}, webgpuHelp("This browser has no WebGPU, so nothing can be trained here."), node);

const startText = startDocument();
const sweep = new Sweep(theme);

const sweepShown: Shown = {
  node: needingWebgpu(sweep.node),
  redraw: () => sweep.redraw(),
  source: sweep,
  place: () => ({
    ...(sweep.text !== "" && sweep.text !== startText && { document: sweep.text }),
    settings: sweep.settings,
    ...sweep.selection.looked,
  }),
  restore(place) {
    const text = place.document ?? startText;
    sweep.restore((place.settings ?? {}) as FigureSettings);
    sweep.selection.restore(place);
    if (text !== sweep.text) sweep.open(text, text === startText);
  },
};
addView("sweep", "Sweep", async () => sweepShown);

/** What the kernel lab looks at: what was looked at last. */
let looked = { id: "sweep", shown: sweepShown };

/** Has a view's link lead back to it as it is now. */
function addressNow(id: string, { place }: Shown): string {
  const { folder, ...rest } = place?.() ?? {};
  // The folder that a list has alone is the one that its view shows.
  const isNamed = folder !== undefined && (folder !== "" || id !== "results");
  return (views.get(id)!.link.href = writeAddress({ view: id, ...(isNamed && { folder }), ...rest }));
}

/** Has the links lead back to what is looked at, in its own view and in the lab. */
function relink(): void {
  addressNow(looked.id, looked.shown);
  // A folder that was dropped is in no link: its picks would be another's.
  addressNow("kernels", isGiven(looked.id) ? { ...looked.shown, place: () => ({}) } : looked.shown);
}

/** What was left for something else can be come back to. */
function remember(address: string): void {
  const isStart = location.hash === "" && address === "#sweep";
  if (address !== location.hash && !isStart) history.pushState(null, "", address);
}

/** A reader has picked, brushed or set something where they are. */
function touched(): void {
  relink();
  remember(new URL(views.get(current)!.link.href).hash);
}
sweep.chosen = touched;
sweep.settled = async () => {
  relink();
  remember(addressNow("sweep", sweepShown));
};

const labLink = element("a", { href: "#kernels" }, "Kernel lab");
links.append(labLink);
let lab: Promise<Shown> | undefined;
views.set("kernels", {
  link: labLink,
  open: async (place) => {
    if (place.folder !== undefined) looked = { id: "results", shown: await openListed(place) };
    return (lab ??= openLab());
  },
});

async function openLab(): Promise<Shown> {
  const { KernelLab } = await import("../lab/kernel-lab.ts");
  const opened = new KernelLab(() => looked.shown.source!, theme);
  sweep.grown = () => opened.grown();
  return {
    node: opened.node,
    redraw: () => opened.redraw(),
    restore(place) {
      // Whoever comes by a link has trained nothing yet.
      const isNew = looked.shown === sweepShown && sweep.text === "";
      const isBare = Object.keys(place).length === 1;
      if (isNew || !isBare || (current === "kernels" && !isGiven(looked.id))) looked.shown.restore!(place);
      relink();
      // A bare address from another view means what was looked at there.
      if (isBare) history.replaceState(null, "", labLink.href);
    },
  };
}

addView("theory", "Theory", async () => {
  const { TheoryView } = await import("../theory/theory-view.ts");
  return new TheoryView(theme);
});
addView("gallery", "Gallery", async () => {
  const { Gallery } = await import("./gallery.ts");
  const gallery = new Gallery(theme);
  if (navigator.gpu) return gallery;
  const note =
    "This browser has no WebGPU: nothing can be trained here, but all that is saved can be looked at.";
  const node = element("div", {}, element("p", { class: "problem", role: "status" }, note), gallery.node);
  return { node, redraw: () => gallery.redraw() };
});
let compare: Promise<Compare> | undefined;
const compareLink = element("a", { href: "#compare" }, "Compare");
links.append(compareLink);
views.set("compare", {
  link: compareLink,
  open: async ({ settings }) => {
    const isFirst = !compare;
    const opened = await (compare ??= import("./compare.ts").then((module) => new module.Compare(theme)));
    if (isFirst || settings?.compare) await opened.open(settings?.compare);
    return opened;
  },
});
addView("benchmark", "Benchmark", async () => {
  const { Benchmark } = await import("./benchmark.ts");
  const benchmark = new Benchmark(theme);
  return { node: needingWebgpu(benchmark.node), redraw: () => benchmark.redraw() };
});

/** Shows what the address says. */
async function show(): Promise<void> {
  const { hash } = location;
  const place = readAddress(hash);
  const id = views.has(place.view) ? place.view : "sweep";
  for (const [name, { link }] of views) {
    if (name === id) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const view = await views.get(id)!.open(place);
  // Meanwhile the user may have gone on.
  if (location.hash !== hash) return;
  shown = view;
  if (view.node.parentElement !== main) {
    main.replaceChildren(view.node);
    // Another view begins at its beginning.
    scrollTo(0, 0);
  }
  if (view.source) looked = { id, shown: view };
  view.restore?.(place);
  current = id;
  if (view.source) relink();
  view.redraw();
}

/** Results folders that the server lists, each as it was left. */
const listed = new Map<string, Promise<Shown>>();
const listedLink = element("a", { href: "#results", hidden: true }, "Results");
links.append(listedLink);
views.set("results", { link: listedLink, open: (place) => openListed(place) });

async function openListed({ folder }: Place): Promise<Shown> {
  const { folders } = await servedListing();
  const found =
    folders.find((candidate) => candidate.folder === (folder ?? "")) ?? (folder ? undefined : folders[0]);
  if (!found) return { node: noResults(folder, folders.length > 0), redraw: () => {} };
  listedLink.hidden = false;
  listedLink.textContent = found.name;
  listedLink.href = addressOf(found);
  let opened = listed.get(found.folder);
  if (!opened) listed.set(found.folder, (opened = openFolder(listedFolder(found), found.folder)));
  return opened;
}

/** Another folder in its place would pass for the one that the link names. */
const noResults = (folder: string | undefined, areOthers: boolean): HTMLElement =>
  element(
    "p",
    {},
    folder
      ? `There is no results folder “${folder.replace(/\/$/, "")}” here. `
      : "There are no results here.",
    ...(areOthers ? [element("a", { href: "#gallery" }, "Those that are")] : []),
  );

/** @param listedAs where the server's list has it */
async function openFolder(folder: ResultsFolder, listedAs?: string): Promise<Shown> {
  const { FolderView } = await import("./folder-view.ts");
  const view = new FolderView(folder, theme);
  view.settled = touched;
  return {
    node: view.node,
    redraw: () => view.redraw(),
    source: view,
    place: () => ({
      ...(listedAs !== undefined && { folder: listedAs }),
      settings: view.settings,
      ...view.selection.looked,
    }),
    restore(place) {
      view.restore((place.settings ?? {}) as FigureSettings);
      view.selection.restore(place);
    },
  };
}

const isGiven = (id: string): boolean => id.startsWith("given");

let folders = 0;

function showFolder(label: string, folder: ResultsFolder): void {
  const id = `given${String.fromCharCode(97 + folders++)}`;
  addView(id, label, () => openFolder(folder));
  offerFolder(label, folder);
  location.hash = id;
}

/** Opens what the user gives the page: results, a document, or data for the document at hand. */
async function take(giving: Promise<GivenFiles>): Promise<void> {
  problem.replaceChildren();
  try {
    const given = await giving;
    const manifest = manifestIn(given);
    const [[path, file] = ["", new Blob()]] = given;
    if (manifest !== undefined) {
      showFolder(manifest.split("/").at(-2) ?? "Folder", givenFolder(given));
      return;
    }
    if (given.size === 1 && /\.json$/i.test(path)) sweep.open(await file.text());
    else {
      const { dataOf } = await import("./given-data.ts");
      sweep.takeData(await dataOf(given));
    }
    await sweep.settled();
    await show();
  } catch (error) {
    problem.replaceChildren(element("p", { role: "alert" }, `Not read: ${(error as Error).message}`));
  }
}

addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
for (const end of ["drop", "dragleave"] as const)
  addEventListener(end, () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer) void take(droppedFiles(event.dataTransfer));
});

function fileField(label: string, description: string, attributes: Record<string, boolean>): HTMLElement {
  const input = element("input", { type: "file", "aria-label": description, ...attributes });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) void take(pickedFiles(files));
  });
  const verb = element("span", { class: "verb" }, "Open ");
  return element("label", { class: "file", title: description }, verb, label, input);
}

const problem = element("div", { class: "problem given" });

document.getElementById("page")!.replaceChildren(
  element("a", { class: "skip", href: "#main" }, "Skip to the content"),
  element(
    "nav",
    { class: "bar", "aria-label": "alphasweep" },
    element("span", { class: "wordmark" }, "alphasweep"),
    links,
    fileField("results", "Open a results folder", { webkitdirectory: true }),
    fileField("files", "Open a document, data (CSV, npy, IDX) or a zipped results folder", {
      multiple: true,
    }),
    themeSwitch.node,
  ),
  problem,
  main,
);

// Links and Back both tell of it.
addEventListener("popstate", () => void show());
/** No await of this module itself: views that are fetched have parts in this file, and would wait for its end. */
async function begin(): Promise<void> {
  if (location.hash === "") {
    const { folders: all } = await servedListing();
    // The folder that the command was given is what there is to see; where nothing can be trained, what is saved.
    if (all[0]?.folder === "") location.hash = "results";
    else if (!navigator.gpu && all.length > 0) location.hash = "gallery";
  }
  await show();
}
void begin();
void servedListing().then(({ documentation }) => {
  if (documentation !== undefined) links.append(element("a", { href: documentation }, "Documentation"));
});
