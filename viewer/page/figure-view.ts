/** A figure in a page: its heading, its controls, the drawing as wide as there is room, and its downloads. */

import type { Results } from "../../src/results/types.ts";
import type { Control, Controls, Figure, Frame, Setting, Settings } from "../figures/figure.ts";
import { Cursor } from "../linked/cursor.ts";
import { pointAt } from "../linked/pointing.ts";
import { epochFilter, type Selection } from "../linked/selection.ts";
import { standalone } from "../figures/standalone.ts";
import type { Theme } from "../figures/theme.ts";
import { type ControlView, controlView, isOffered } from "./control-view.ts";
import { saveCsv, savePng, saveSvg } from "./download.ts";
import { button, element } from "./element.ts";
import { drawForPrint, printing } from "./printing.ts";

type AnySettings = Settings<Controls>;

/** Figures this far outside of the window are drawn before they are scrolled to. */
const prefetch = "300px";

export class FigureView<Shown = Results> {
  readonly node: HTMLElement;
  /** Told when the user has set something by hand. */
  touched = (): void => {};
  readonly #figure: Figure<Controls, Shown>;
  readonly #theme: () => Theme;
  readonly #holder = element("div", { class: "drawing", "data-stale": "" });
  readonly #controls = new Map<string, ControlView>();
  readonly #controlBar = element("div", { class: "controls" });
  readonly #name: (results: Shown) => string;
  readonly #selection: Selection | undefined;
  readonly #cursor: Cursor;
  #results: Shown;
  /** What the user has set by hand; everything else follows the results. */
  #touched: Partial<AnySettings> = {};
  #settings: AnySettings = {};
  /** What something else sets for several figures at once. */
  #driven: Partial<AnySettings> = {};
  #visible = false;
  /** The results have changed since the controls were shown. */
  #staleControls = true;
  #drawnWidth = 0;
  #frame: number | undefined;

  /**
   * @param name what files of the results are called
   * @param prepare makes the figure ready for a paper, where the page can
   * @param selection what is picked and looked at in all figures beside this one
   */
  constructor(
    figure: Figure<Controls, Shown>,
    results: Shown,
    theme: () => Theme,
    name: (results: Shown) => string,
    prepare?: (figure: Figure<Controls, Shown>, results: Shown, settings: AnySettings) => void,
    selection?: Selection,
  ) {
    this.#name = name;
    this.#selection = selection;
    this.#figure = figure;
    this.#results = results;
    this.#theme = theme;
    const save = (ending: string, act: () => unknown) =>
      button(ending, { "aria-label": `Download “${figure.title}” as ${ending}` }, () => void act());
    const headingId = `figure-${figure.id}`;
    this.node = element(
      "section",
      { class: figure.wide ? "figure wide" : "figure", id: figure.id, "aria-labelledby": headingId },
      element("h2", { id: headingId }, figure.title),
      element("p", { class: "caption" }, figure.caption),
      this.#controlBar,
      this.#holder,
      element(
        "div",
        { class: "downloads" },
        save("SVG", () => saveSvg(this.#fileName(), this.#standalone())),
        save("PNG", () => savePng(this.#fileName(), this.#standalone())),
        save("CSV", () => saveCsv(this.#fileName(), figure.data(this.#results, this.#current()))),
        ...(prepare
          ? [
              button("Paper …", { "aria-label": `“${figure.title}” for a paper` }, () =>
                prepare(figure, this.#results, this.#current()),
              ),
            ]
          : []),
      ),
    );
    const pick = (runs: readonly number[]) => selection?.pick(runs);
    this.#cursor = new Cursor(this.#holder, figure.title, pick);
    const brushes = () => selection && figure.brushes?.(this.#current(), this.#results);
    pointAt(this.#holder, {
      pick,
      brushes: () => brushes() !== undefined,
      brush: (range) => selection!.filter(brushes()!, range),
    });
    new ResizeObserver(() => {
      // A drawing changes its holder's height; only another width asks for another drawing.
      if (this.#holder.clientWidth !== this.#drawnWidth) this.redraw();
    }).observe(this.#holder);
    new IntersectionObserver(
      (entries) => {
        // Of several changes at once, the last is how things are.
        this.#visible = entries.at(-1)!.isIntersecting;
        if (this.#isStale) this.redraw();
      },
      { rootMargin: prefetch },
    ).observe(this.node);
    this.node.addEventListener(printing, () => {
      if (this.#isStale) this.#draw();
    });
  }

  /** What the user has set by hand, to be shown again by another view of the figure. */
  get settings(): Partial<AnySettings> {
    return this.#touched;
  }

  restore(settings: Partial<AnySettings>): void {
    this.#touched = settings;
    this.#staleControls = true;
    this.redraw();
  }

  /** Sets controls from outside, which the figure then offers no more. */
  drive(settings: Partial<AnySettings>): void {
    const isSame = Object.entries(settings).every(([name, setting]) => this.#driven[name] === setting);
    if (isSame) return;
    this.#driven = settings;
    this.#staleControls = true;
    this.redraw();
  }

  /** Draws what is picked and looked at now. */
  reselect(): void {
    const { linked } = this.#figure;
    // What was set by hand to show one of many was a pick, too.
    if (linked && this.#selection?.picked.size === 0) this.#touched = without(this.#touched, linked.control);
    this.#staleControls = true;
    this.redraw();
  }

  /** Draws what nobody has scrolled to, before it is printed. */
  static printed(): void {
    drawForPrint();
  }

  /** Draws results that have grown or changed. */
  update(results: Shown): void {
    this.#results = results;
    this.#staleControls = true;
    this.redraw();
  }

  /** Whether the drawing is older than what it should show; the page's tests wait by it, too. */
  get #isStale(): boolean {
    return "stale" in this.#holder.dataset;
  }

  /** Draws anew with the next frame, or when someone can see it. */
  redraw(): void {
    this.#holder.dataset.stale = "";
    if (!this.#visible) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #showControls(): void {
    this.#staleControls = false;
    const controls = this.#figure.controls(this.#results);
    for (const [name, control] of Object.entries(controls)) {
      const touched = this.#driven[name] ?? this.#touched[name];
      const setting = touched !== undefined && suits(control, touched) ? touched : control.initial;
      // Results that have shrunk (another run in the same page) have fewer positions.
      this.#settings[name] =
        control.kind === "slider" ? Math.max(0, Math.min(setting as number, control.positions - 1)) : setting;
    }
    const { linked } = this.#figure;
    const picked = this.#selection?.picked;
    if (linked && picked && picked.size > 0) {
      const setting = linked.follow(this.#results, this.#settings, picked);
      if (setting !== undefined) this.#settings[linked.control] = setting;
    }
    for (const [name, control] of Object.entries(controls)) {
      if (!isOffered(control) || name in this.#driven) continue;
      let view = this.#controls.get(name);
      if (!view) {
        view = controlView(control, (value) => this.#set({ [name]: value }));
        this.#controls.set(name, view);
        this.#controlBar.append(view.node);
      }
      view.show(control, this.#settings[name]);
    }
  }

  /** The settings that suit the results, also of a figure that was not drawn yet. */
  #current(): AnySettings {
    if (this.#staleControls) this.#showControls();
    return this.#settings;
  }

  #set(settings: Partial<AnySettings>): void {
    this.#touched = { ...this.#touched, ...settings };
    this.#settings = { ...this.#settings, ...settings } as AnySettings;
    this.redraw();
    // The pick tells of itself, and so of both at once.
    const { linked } = this.#figure;
    if (linked && linked.control in settings)
      this.#selection?.pick(linked.runs(this.#results, this.#settings));
    this.touched();
  }

  #draw(): void {
    const frame = this.#frameOf();
    if (frame.width === 0) return;
    delete this.#holder.dataset.stale;
    this.#drawnWidth = frame.width;
    try {
      const drawing = this.#figure.draw(this.#results, frame, this.#current());
      this.#holder.replaceChildren(drawing);
      this.#cursor.drawn(drawing);
      this.#figure.animate?.(drawing, this.#results, {
        settings: this.#settings,
        theme: frame.theme,
        change: (settings) => {
          this.#set(settings);
          this.#showControls();
        },
      });
    } catch (error) {
      // One figure that fails must not take the page with it.
      console.error(error);
      this.#holder.replaceChildren(
        element("p", { class: "problem" }, `This figure could not be drawn: ${(error as Error).message}`),
      );
    }
  }

  #frameOf(): Frame {
    const { picked, filters } = this.#selection ?? {};
    const epochs = filters?.get(epochFilter);
    return {
      document,
      width: Math.floor(this.#holder.clientWidth),
      theme: this.#theme(),
      ...(picked && { picked }),
      ...(epochs && !("is" in epochs) && { epochs }),
    };
  }

  #standalone(): string {
    const frame = this.#frameOf();
    return standalone(this.#figure.title, this.#figure.draw(this.#results, frame, this.#current()), frame);
  }

  #fileName(): string {
    return `${this.#name(this.#results)} ${this.#figure.id}`;
  }
}

/** A setting may come from another sweep, or from a link that anyone has written. */
function suits(control: Control, setting: Setting): boolean {
  if (control.kind === "choice") return control.options.some(({ value }) => value === setting);
  return control.kind === "slider" ? Number.isInteger(setting) : typeof setting === "boolean";
}

const without = <Settings extends object>(settings: Settings, name: string): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([other]) => other !== name)) as Settings;
