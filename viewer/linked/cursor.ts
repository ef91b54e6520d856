/** A chart's points by keyboard: arrow keys go from point to point, whose values are shown and read out; Enter picks its runs. */

import { ascending, group, minIndex } from "d3";
import { type Mark, marksOf } from "../figures/placed-marks.ts";
import { element } from "../page/element.ts";

export class Cursor {
  readonly #holder: HTMLElement;
  readonly #dot = element("span", { class: "cursor", "aria-hidden": "true" });
  readonly #tip = element("span", { class: "tip", "aria-hidden": "true" });
  readonly #spoken = element("p", { class: "spoken", "aria-live": "polite" });
  #lines: Mark[][] = [];
  #at: { line: number; point: number } | undefined;

  /**
   * @param holder of the drawing; it takes the focus
   * @param pick told which runs the reader picks
   */
  constructor(holder: HTMLElement, name: string, pick: (runs: readonly number[]) => void) {
    this.#holder = holder;
    holder.setAttribute("role", "group");
    holder.setAttribute("aria-label", `${name}: arrow keys read its points`);
    holder.addEventListener("keydown", (event) => {
      const mark = this.#mark;
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && mark && mark.runs.length > 0)
        pick(mark.runs);
      else if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
      else this.#move(moves[event.key]);
      event.preventDefault();
    });
    holder.addEventListener("blur", () => this.#leave());
    holder.after(this.#spoken);
  }

  /** There is another drawing. */
  drawn(drawing: SVGSVGElement): void {
    const lines = group(marksOf(drawing), ({ line }) => line);
    this.#lines = Array.from(lines.values(), (marks) => marks.toSorted((a, b) => ascending(a.x, b.x)));
    if (this.#lines.length > 0) this.#holder.tabIndex = 0;
    else this.#holder.removeAttribute("tabindex");
    if (this.#mark) this.#show();
    else this.#leave();
  }

  get #mark(): Mark | undefined {
    return this.#at && this.#lines[this.#at.line]?.[this.#at.point];
  }

  #move(move: Move): void {
    const lines = this.#lines;
    if (lines.length === 0) return;
    const mark = this.#mark;
    if (!this.#at || !mark) this.#at = { line: 0, point: move === "last" ? lines[0].length - 1 : 0 };
    else {
      const { line, point } = this.#at;
      const last = lines[line].length - 1;
      if (typeof move === "string") this.#at = { line, point: move === "last" ? last : 0 };
      else if (move.along !== 0) this.#at = { line, point: clamp(point + move.along, last) };
      else {
        const other = clamp(line + move.across, lines.length - 1);
        this.#at = { line: other, point: minIndex(lines[other], ({ x }) => Math.abs(x - mark.x)) };
      }
    }
    this.#show();
    this.#spoken.textContent = this.#mark!.text.replaceAll("\n", ", ");
  }

  #show(): void {
    const { x, y, text } = this.#mark!;
    this.#tip.textContent = text;
    this.#holder.append(this.#dot, this.#tip);
    this.#dot.style.translate = `${x}px ${y}px`;
    const { offsetWidth: width, offsetHeight: height } = this.#tip;
    const left = x + 12 + width <= this.#holder.clientWidth ? x + 12 : Math.max(0, x - 12 - width);
    this.#tip.style.translate = `${left}px ${Math.max(0, y - height - 8)}px`;
  }

  #leave(): void {
    this.#at = undefined;
    this.#dot.remove();
    this.#tip.remove();
  }
}

type Move = { along: number; across: number } | "first" | "last";

const moves: Record<string, Move> = {
  ArrowRight: { along: 1, across: 0 },
  ArrowLeft: { along: -1, across: 0 },
  ArrowDown: { along: 0, across: 1 },
  ArrowUp: { along: 0, across: -1 },
  Home: "first",
  End: "last",
};

const clamp = (place: number, last: number): number => Math.max(0, Math.min(last, place));
