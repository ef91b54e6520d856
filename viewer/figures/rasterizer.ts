/** SVG files as PNG files, made in a thread of its own while this one draws the next. */

import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const pixelsPerUnit = 2;

const resolve = createRequire(import.meta.url).resolve;

/** A font that comes with the package: the machine's own fonts differ, or are none. */
const fontFiles = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map((file) =>
  resolve(`@expo-google-fonts/inter/${file}`),
);
const options = {
  fitTo: { mode: "zoom", value: pixelsPerUnit },
  font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
};

/**
 * Text, not a file: it is the same in a clone, whose sources are built while they run, and in the npm package. As an address: to run
 * plain text Node reads the package.json of the folder it is in, whosever that is.
 */
const thread = `
  import { createRequire } from "node:module";
  import { parentPort, workerData } from "node:worker_threads";
  const { renderAsync } = createRequire(workerData.resvg)(workerData.resvg);
  parentPort.on("message", async ({ key, svg }) => {
    try {
      parentPort.postMessage({ key, png: (await renderAsync(svg, workerData.options)).asPng() });
    } catch (error) {
      parentPort.postMessage({ key, problem: String(error) });
    }
  });`;

type Answer = { key: number } & ({ png: Uint8Array; problem?: undefined } | { problem: string });

export class Rasterizer {
  readonly #worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(thread)}`), {
    workerData: { resvg: resolve("@resvg/resvg-js"), options },
  });
  readonly #waiting: { take: (png: Uint8Array) => void; fail: (error: Error) => void }[] = [];

  constructor() {
    this.#worker.on("message", ({ key, ...answer }: Answer) => {
      const { take, fail } = this.#waiting[key];
      if (answer.problem === undefined) take(answer.png);
      else fail(new Error(answer.problem));
    });
    this.#worker.on("error", (error) => {
      for (const { fail } of this.#waiting) fail(error);
    });
  }

  /** A PNG file of so many pixels for each of the SVG's units as `pixelsPerUnit` says. */
  png(svg: string): Promise<Uint8Array> {
    return new Promise((take, fail) => {
      const key = this.#waiting.push({ take, fail }) - 1;
      this.#worker.postMessage({ key, svg });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
