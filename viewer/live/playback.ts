/** Which epoch is shown: the latest while a training goes on, or one that was played to. */

import { button, element } from "../page/element.ts";
import { formatCount } from "../figures/format.ts";

/** From the first record to the last at speed 1. */
const milliseconds = 6000;
const speeds = [0.25, 0.5, 1, 2, 4];

export class Playback {
  readonly node: HTMLElement;
  readonly #changed: () => void;
  readonly #play = button("Play", {}, () => this.#toggle());
  readonly #slider: HTMLInputElement;
  readonly #shown: HTMLOutputElement;
  readonly #speed = element(
    "select",
    { "aria-label": "Speed" },
    ...speeds.map((speed) => element("option", { value: speed, selected: speed === 1 }, `${speed}×`)),
  );
  /** The epochs of the records, increasing. */
  #epochs: ArrayLike<number> = [0];
  /** Place among the records; undefined follows the latest. */
  #place: number | undefined;
  #frame: number | undefined;

  /** @param id of the slider */
  constructor(changed: () => void, id = "shown-epoch") {
    this.#changed = changed;
    this.#slider = element("input", { type: "range", id, min: 0, step: 1, max: 0 });
    this.#shown = element("output", { for: id });
    this.#slider.addEventListener("input", () => {
      this.#pause();
      this.#show(this.#slider.valueAsNumber);
    });
    this.node = element(
      "div",
      { class: "playback", role: "group", "aria-label": "Time" },
      this.#play,
      button("Reset", { title: "Back to epoch 0" }, () => {
        this.#pause();
        this.#show(0);
      }),
      button("Step", { title: "To the next record" }, () => {
        this.#pause();
        this.#show(this.#last === this.#at ? 0 : this.#at + 1);
      }),
      this.#speed,
      element("label", { for: id }, "Epoch"),
      this.#slider,
      this.#shown,
    );
    this.#display();
  }

  /** Up to which epoch curves are drawn. */
  get epoch(): number {
    return this.#place === undefined ? Infinity : this.#epochs[this.#at];
  }

  /** There are these records now. */
  follow(epochs: ArrayLike<number>): void {
    const shown = this.epoch;
    this.#epochs = epochs.length > 0 ? epochs : [0];
    if (this.#place !== undefined && !this.#frame) {
      // The same time in a training whose records lie elsewhere.
      let place = 0;
      while (place < this.#last && this.#epochs[place] < shown) place++;
      this.#place = place;
    }
    this.#display();
  }

  get #last(): number {
    return this.#epochs.length - 1;
  }

  get #at(): number {
    return Math.min(this.#last, Math.round(this.#place ?? this.#last));
  }

  #show(place: number): void {
    this.#place = place >= this.#last ? undefined : place;
    this.#display();
    this.#changed();
  }

  #display(): void {
    this.#slider.max = String(this.#last);
    this.#slider.valueAsNumber = this.#at;
    const text = formatCount(Math.round(this.#epochs[this.#at]));
    this.#shown.textContent = text;
    this.#slider.setAttribute("aria-valuetext", `epoch ${text}`);
  }

  #toggle(): void {
    if (this.#frame !== undefined) return this.#pause();
    this.#play.textContent = "Pause";
    let place = this.#at === this.#last ? 0 : this.#at;
    let before = performance.now();
    const advance = (now: number) => {
      place +=
        (Math.max(0, now - before) / milliseconds) * Number(this.#speed.value) * Math.max(1, this.#last);
      before = now;
      this.#frame = place < this.#last ? requestAnimationFrame(advance) : undefined;
      this.#show(place);
      if (this.#frame === undefined) this.#pause();
    };
    this.#frame = requestAnimationFrame(advance);
  }

  #pause(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#play.textContent = "Play";
  }
}
