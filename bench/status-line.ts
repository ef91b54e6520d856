import { cleared, isRedrawable, redrawn } from "../src/cli/process/terminal.ts";

/** One line that is drawn again and again on a terminal; elsewhere there is none. */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (isRedrawable(this.#stream)) this.#stream.write(redrawn(text, this.#stream));
  }

  clear(): void {
    if (isRedrawable(this.#stream)) this.#stream.write(cleared);
  }
}
