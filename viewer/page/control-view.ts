/** A control of a figure as form elements: labelled, and usable from the keyboard. */

import type { Choice, Control, Setting, Slider, Switch } from "../figures/figure.ts";
import { button, element } from "./element.ts";

export interface ControlView {
  node: HTMLElement;
  /** Shows a control that may have changed (a record more) and its setting. */
  show(control: Control, setting: Setting): void;
}

/** An animation takes about this long from end to end, and no frame is shorter than a screen's. */
const animationMilliseconds = 6000;
const shortestFrame = 40;

let identifiers = 0;

/** @param set the user has set it */
export function controlView(control: Control, set: (setting: Setting) => void): ControlView {
  if (control.kind === "slider") return sliderView(control, set);
  return control.kind === "choice" ? choiceView(control, set) : switchView(control, set);
}

/** Whether the user has anything to choose. */
export const isOffered = (control: Control): boolean =>
  control.kind === "slider"
    ? control.positions > 1
    : control.kind === "choice"
      ? control.options.length > 1
      : true;

function sliderView(first: Slider, set: (position: number) => void): ControlView {
  const id = `control-${identifiers++}`;
  let shown = first;
  const input = element("input", { type: "range", id, min: 0, step: 1 });
  const output = element("output", { for: id });
  const display = (position: number) => {
    const text = shown.show(position);
    output.textContent = text;
    output.title = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    stop();
    display(input.valueAsNumber);
    set(input.valueAsNumber);
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  const play = button("▶", { class: "play", "aria-label": `Play ${first.label}` }, () =>
    timer ? stop() : start(),
  );
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    play.textContent = "▶";
    play.setAttribute("aria-label", `Play ${first.label}`);
  };
  const start = () => {
    play.textContent = "❚❚";
    play.setAttribute("aria-label", `Pause ${first.label}`);
    const last = shown.positions - 1;
    const frames = Math.min(last, animationMilliseconds / shortestFrame);
    const from = input.valueAsNumber >= last ? 0 : input.valueAsNumber;
    let frame = Math.round((from / last) * frames);
    const advance = () => {
      const position = Math.round((frame / frames) * last);
      input.valueAsNumber = position;
      display(position);
      set(position);
      if (frame++ < frames && input.isConnected) timer = setTimeout(advance, animationMilliseconds / frames);
      else stop();
    };
    advance();
  };
  return {
    node: element(
      "div",
      { class: "control slider" },
      element("label", { for: id }, first.label),
      ...(first.plays ? [play] : []),
      input,
      output,
    ),
    show(control, setting) {
      shown = control as Slider;
      input.max = String(shown.positions - 1);
      input.valueAsNumber = setting as number;
      display(setting as number);
    },
  };
}

function choiceView(first: Choice, set: (value: string) => void): ControlView {
  const id = `control-${identifiers++}`;
  const select = element("select", { id });
  select.addEventListener("change", () => set(select.value));
  return {
    node: element("div", { class: "control" }, element("label", { for: id }, first.label), select),
    show(control, setting) {
      const { options } = control as Choice;
      if (select.options.length !== options.length)
        select.replaceChildren(...options.map(({ value, label }) => element("option", { value }, label)));
      select.value = setting as string;
    },
  };
}

function switchView(first: Switch, set: (on: boolean) => void): ControlView {
  const id = `control-${identifiers++}`;
  const box = element("input", { type: "checkbox", id });
  box.addEventListener("change", () => set(box.checked));
  return {
    node: element("div", { class: "control" }, box, element("label", { for: id }, first.label)),
    show(_control, setting) {
      box.checked = setting as boolean;
    },
  };
}
