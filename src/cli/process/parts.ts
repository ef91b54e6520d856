/** What a command's time goes to. */

/** Parts of a command's work, one after the other: each lasts until the next begins, the first from the process's start. */
export class Parts {
  readonly #seconds = new Map<string, number>();
  #name = "start";
  /** `performance.now()` is 0 where the process starts. */
  #since = 0;

  /** Ends the part that lasts, and begins another, or goes on with one. */
  begin(name: string): void {
    const now = performance.now();
    const before = this.#seconds.get(this.#name) ?? 0;
    this.#seconds.set(this.#name, before + (now - this.#since) / 1000);
    this.#name = name;
    this.#since = now;
  }

  /** "seconds: 1.42 = start 0.20 + adapter 0.61 + ...", in the order of their beginnings, up to now. */
  text(): string {
    this.begin(this.#name);
    const seconds = [...this.#seconds];
    const total = seconds.reduce((sum, [, own]) => sum + own, 0);
    return `seconds: ${total.toFixed(2)} = ${seconds.map(([name, own]) => `${name} ${own.toFixed(2)}`).join(" + ")}`;
  }
}
