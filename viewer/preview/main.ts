/** Figures while their files are edited: vite hands over what is saved, and what is shown is drawn anew. */

import "../style.css";
import type { Results } from "../../src/results/types.ts";
import { readArray, readArrays, readTables } from "../app/read-folder.ts";
import { holdsResults, servedFolder } from "../app/results-folder.ts";
import { type Figure, isShown } from "../figures/figure.ts";
import { figures } from "../figures/registry.ts";
import { element } from "../page/element.ts";
import { FigureView } from "../page/figure-view.ts";
import { ThemeSwitch } from "../page/theme-switch.ts";
import { type Payload, unpackResults } from "../report/payload.ts";

/** Trained results that the figures' tests bring, for whoever names no folder. */
const samples = import.meta.glob<Payload>("../../test/figures/samples/*.json", { import: "default" });

const asked = new URLSearchParams(location.search).get("figure");
const isAsked = ({ id }: Figure): boolean => asked === null || id === asked;
const themeSwitch = new ThemeSwitch();
const main = element("main");
let views: FigureView[] = [];
themeSwitch.changed = () => views.forEach((view) => view.redraw());

/** The folder's results, or the first sample that shows what was asked for. */
async function readResults(): Promise<Results> {
  const folder = servedFolder("/results/");
  if (!(await holdsResults(folder))) {
    const all = await Promise.all(Object.values(samples).map(async (read) => unpackResults(await read())));
    return all.find((results) => figures.some((one) => isAsked(one) && isShown(one, results))) ?? all[0];
  }
  const results = await readTables(folder);
  for (const name of readArrays) {
    const array = await readArray(folder, name, results.runs.rows);
    if (array) results.arrays[name] = array;
  }
  return results;
}

function show(results: Results, all: readonly Figure[]): void {
  const shown = all.filter((figure) => isAsked(figure) && isShown(figure, results));
  views = shown.map(
    (one) =>
      new FigureView(
        one,
        results,
        () => themeSwitch.theme,
        () => results.manifest.name,
      ),
  );
  const needs = all.filter(isAsked).flatMap(({ needs, arrays = [] }) => [...needs, ...arrays]);
  main.replaceChildren(
    element("p", {}, `Drawn from ${results.manifest.name}.`),
    ...(views.length > 0
      ? [element("div", { class: "figures" }, ...views.map(({ node }) => node))]
      : [
          problem(
            `These results do not show ${asked ?? "any figure"}` +
              `${asked !== null && needs.length > 0 ? `, which needs ${needs.join(", ")}` : ""}; name a folder of others, ` +
              `as in "npm run preview -- ${asked ?? "loss"} results/alpha-sweep"`,
          ),
        ]),
  );
}

const problem = (text: string) => element("p", { class: "problem", role: "alert" }, text);

document
  .getElementById("page")!
  .replaceChildren(
    element(
      "nav",
      { class: "bar" },
      element("span", { class: "wordmark" }, `alphasweep, ${asked ?? "all figures"}`),
      themeSwitch.node,
    ),
    main,
  );

try {
  const results = await readResults();
  show(results, figures);
  // What else is saved loads the page anew.
  import.meta.hot?.accept("../figures/registry.ts", (registry) => {
    if (registry) show(results, registry.figures as readonly Figure[]);
  });
} catch (error) {
  main.replaceChildren(problem(`Not read: ${(error as Error).message}`));
}
