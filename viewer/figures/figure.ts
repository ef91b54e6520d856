/**
 * A figure: a pure function of results.
 *
 * It says what it needs, which controls a page may offer, draws an SVG, and gives the numbers behind it. It knows
 * nothing about the page: the same drawing goes into static files, the report and the viewer.
 */

import type { ArrayName } from "../../src/document/types.ts";
import type { Table } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import type { Theme } from "./theme.ts";

/** A position on a row of them: a record, a run, a value of alpha. */
export interface Slider {
  kind: "slider";
  label: string;
  /** The positions are 0 ... positions - 1. */
  positions: number;
  initial: number;
  /** What a position stands for. */
  show: (position: number) => string;
  /** Whether the page offers to play through the positions. */
  plays?: boolean;
}

export interface Choice {
  kind: "choice";
  label: string;
  options: readonly { value: string; label: string }[];
  initial: string;
}

export interface Switch {
  kind: "switch";
  label: string;
  initial: boolean;
}

export type Control = Slider | Choice | Switch;
export type Controls = Record<string, Control>;

/** What a control is set to. */
export type Setting<C extends Control = Control> = C extends Slider
  ? number
  : C extends Choice
    ? string
    : boolean;

/** What the controls are set to. */
export type Settings<C extends Controls> = { [K in keyof C]: Setting<C[K]> };

/** Where a figure is drawn. */
export interface Frame {
  document: Document;
  /** Width of the drawing in pixels; its height follows. */
  width: number;
  theme: Theme;
  /** Runs that a reader has picked, as the runs table numbers them; others step back. */
  picked?: ReadonlySet<number>;
  /** Epochs that are looked at. */
  epochs?: readonly [number, number] | undefined;
}

/** A drawing in a page, alive: how it answers the pointer and the keyboard. */
export interface Live<C extends Controls> {
  settings: Settings<C>;
  theme: Theme;
  /** Sets controls, as the user would by hand; the page draws anew. */
  change(settings: Partial<Settings<C>>): void;
}

/** One thing of many that a figure shows. */
export interface Linked<C extends Controls, Shown> {
  /** The control that says which. */
  control: string;
  /** The setting that shows picked runs; undefined where the figure has nothing of them. */
  follow(results: Shown, settings: Settings<C>, picked: ReadonlySet<number>): Setting | undefined;
  /** The runs that a setting shows. */
  runs(results: Shown, settings: Settings<C>): readonly number[];
}

/** A figure of results, unless it is one of something else. */
export interface Figure<C extends Controls = Controls, Shown = Results> {
  /** File name of the static drawing, and the page's anchor. */
  id: string;
  title: string;
  /** One or two sentences: what is plotted, and what to look for. */
  caption: string;
  /** Quantities that the results must hold. */
  needs: readonly string[];
  /** Arrays that the results must hold. */
  arrays?: readonly ArrayName[];
  /** Whether results that hold all of these show the figure; by default they do. */
  shows?(results: Shown): boolean;
  /** Whether the figure wants the page's whole width. */
  wide?: boolean;
  /** The page's controls; a static drawing is made with their initial settings. */
  controls(results: Shown): C;
  draw(results: Shown, frame: Frame, settings: Settings<C>): SVGSVGElement;
  /** The numbers behind the drawing. */
  data(results: Shown, settings: Settings<C>): Table;
  /** What goes along the horizontal axis, "epoch" or a swept path, where a range of it can be brushed. */
  brushes?(settings: Settings<C>, results: Shown): string | undefined;
  /** How runs that are picked anywhere and settings go together, where one of many is shown. */
  linked?: Linked<C, Shown>;
  /** Gives a drawing its own ways of being touched, beyond the controls. */
  animate?(drawing: SVGSVGElement, results: Shown, live: Live<C>): void;
}

/** Declares a figure; its controls give the type of its settings. */
export const defineFigure = <C extends Controls, Shown = Results>(
  figure: Figure<C, Shown>,
): Figure<Controls, Shown> => figure;

/** What controls are set to before anyone touches them. */
export const initialSettings = <C extends Controls>(controls: C): Settings<C> =>
  Object.fromEntries(
    Object.entries(controls).map(([name, control]) => [name, control.initial]),
  ) as Settings<C>;

/** Whether results hold what a figure needs. */
export const isShown = (figure: Figure, results: Results): boolean =>
  figure.needs.every((name) => name in results.history.columns && name in results.runs.columns) &&
  (figure.arrays ?? []).every((name) => results.arrays[name] !== undefined) &&
  (figure.shows?.(results) ?? true);
