import type { Progress } from "../../scheduler/sink.ts";
import { countText, durationText, rateText } from "./number-text.ts";
import { cleared, isRedrawable, redrawn } from "./terminal.ts";

/** On a terminal the line is drawn again this often; elsewhere a new one is printed this often. */
const redrawMilliseconds = 100;
const printMilliseconds = 10_000;
/** The rate is that of the last seconds. */
const rateSeconds = 5;

/** How far training is: one live line on a terminal, an occasional line elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #isLive: boolean;
  #shownAt = -Infinity;
  #recent: Progress[] = [];
  #drawn = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#isLive = isRedrawable(stream);
  }

  update(progress: Progress): void {
    // After a crash training goes on from further back.
    if (progress.runSteps < (this.#recent.at(-1)?.runSteps ?? 0)) this.#recent = [];
    this.#recent.push({ ...progress });
    while (this.#recent.length > 2 && progress.seconds - this.#recent[1].seconds > rateSeconds)
      this.#recent.shift();
    const now = performance.now();
    if (now - this.#shownAt < (this.#isLive ? redrawMilliseconds : printMilliseconds)) return;
    // A short experiment off a terminal needs no line at all.
    if (!this.#isLive && this.#shownAt === -Infinity && progress.seconds < 2) return;
    this.#shownAt = now;
    const text = progressText(progress, this.#rate());
    if (this.#isLive) this.show(text);
    else this.#stream.write(`${text}\n`);
  }

  /** Shows what is done besides training, on a terminal. */
  show(text: string): void {
    if (!this.#isLive) return;
    this.#stream.write(redrawn(text, this.#stream));
    this.#drawn = true;
  }

  /** Clears the line, for something else to be printed. */
  clear(): void {
    if (this.#drawn) this.#stream.write(cleared);
    this.#drawn = false;
  }

  /** Unknown at first: until then most of the time has gone into compiling. */
  #rate(): number | undefined {
    const [first, last] = [this.#recent[0], this.#recent.at(-1)!];
    const seconds = last.seconds - first.seconds;
    return seconds > 0 ? (last.runSteps - first.runSteps) / seconds : undefined;
  }
}

/**
 * The line itself.
 *
 * @param rate run-steps a second, where they are known yet
 */
export function progressText(progress: Progress, rate: number | undefined): string {
  const { runs, runsDone, runSteps, runStepsTotal, seconds } = progress;
  const isKnown = runStepsTotal > 0;
  const share = isKnown ? Math.min(1, runSteps / runStepsTotal) : runsDone / runs;
  const left =
    isKnown && rate && share < 1 ? `, ${durationText((runStepsTotal - runSteps) / rate)} left` : "";
  return [
    `${Math.floor(share * 100)} %`,
    `${countText(runsDone)}/${countText(runs)} runs done`,
    ...(rate === undefined ? [] : [`${rateText(rate)} run-steps/s`]),
    `${durationText(seconds)}${left}`,
  ].join(", ");
}
