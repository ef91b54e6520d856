/** The report's page: results from the page itself. */

import "../style.css";
import { FigureView } from "../page/figure-view.ts";
import { ResultsView } from "../page/results-view.ts";
import { element } from "../page/element.ts";
import { ThemeSwitch } from "../page/theme-switch.ts";
import { type Payload, unpackResults } from "./payload.ts";

const payload = JSON.parse(document.getElementById("results")!.textContent) as Payload;
const page = document.getElementById("page")!;

const themeSwitch = new ThemeSwitch();
addEventListener("beforeprint", () => FigureView.printed());
const view = new ResultsView(unpackResults(payload), () => themeSwitch.theme, { leftOut: payload.notes });
themeSwitch.changed = () => view.redraw();

page.replaceChildren(
  element("nav", { class: "bar" }, element("span", { class: "wordmark" }, "alphasweep"), themeSwitch.node),
  element("main", {}, view.node),
);
