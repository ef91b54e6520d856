/** Light or dark: the system's choice until the user makes their own. */

import { dark, light, type Theme } from "../figures/theme.ts";
import { element } from "./element.ts";

const storageKey = "alphasweep-theme";
const preference = matchMedia("(prefers-color-scheme: dark)");

type Choice = "system" | "light" | "dark";
const choices: readonly Choice[] = ["system", "light", "dark"];

/** The colours that figures draw with and the style sheet reads as `--name`. */
const names = ["background", "surface", "text", "muted", "grid", "accent", "warning"] as const;

export class ThemeSwitch {
  readonly node: HTMLElement;
  /** Called when the colours are others. */
  changed = (): void => {};
  #choice: Choice;

  constructor() {
    this.#choice = recall();
    const select = element(
      "select",
      { id: "theme", "aria-label": "Theme" },
      ...choices.map((choice) =>
        element("option", { value: choice, selected: choice === this.#choice }, `${choice} theme`),
      ),
    );
    select.addEventListener("change", () => {
      this.#choice = select.value as Choice;
      remember(this.#choice);
      this.#apply();
    });
    preference.addEventListener("change", () => this.#apply());
    this.node = select;
    this.#apply();
  }

  get theme(): Theme {
    const isDark = this.#choice === "dark" || (this.#choice === "system" && preference.matches);
    return isDark ? dark : light;
  }

  #apply(): void {
    const { style, dataset } = document.documentElement;
    const { theme } = this;
    for (const name of names) style.setProperty(`--${name}`, theme[name]);
    style.setProperty("color-scheme", theme.name);
    dataset.theme = theme.name;
    this.changed();
  }
}

/** A page from file:// may have no storage. */
function recall(): Choice {
  try {
    const choice = localStorage.getItem(storageKey);
    return choices.find((known) => known === choice) ?? "system";
  } catch {
    return "system";
  }
}

function remember(choice: Choice): void {
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // The choice holds until the page is closed.
  }
}
