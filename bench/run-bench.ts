import type { AdapterChoice } from "../src/gpu/adapter.ts";
import { Interrupted } from "../src/cli/failure.ts";
import { serve, folderMount } from "../src/cli/server.ts";
import { Session } from "../src/cli/session.ts";
import { benchPage } from "./page-build.ts";
import { type Peaks, arithmeticOf } from "./peaks/peaks.ts";
import type { Report, Row } from "./row.ts";
import type { Workload } from "./workloads/problem.ts";

export interface BenchRequest {
  workloads: readonly Workload[];
  /** Numbers of runs, where not those of each workload. */
  runs?: readonly number[];
  /** Seconds that the repeats of one number of runs may take. */
  seconds: number;
  adapter: AdapterChoice;
  signal: AbortSignal;
  say(line: string): void;
  /** Called with what comes next, and how much there is in all. */
  next?(what: { workload: string; runs: number; place: number; count: number }): void;
  opened?(adapter: Report["adapter"]): void;
  peaks?(peaks: Peaks): void;
  measured?(rows: Row[]): void;
}

/**
 * Measures in a headless Chrome: the adapter's limits first, then every workload and number of runs.
 *
 * @throws BrowserError, AdapterError, or Interrupted
 */
export async function runBench(request: BenchRequest): Promise<Report> {
  const { workloads, signal, say, seconds } = request;
  const session = await Session.open({ adapter: request.adapter, say, signal });
  const built = await benchPage();
  const server = await serve([folderMount("/", built.folder)]);
  try {
    const { page } = session;
    const ended = endOf(session, signal);
    await Promise.race([page.goto(`${server.url}page.html`), ended]);
    const kind = session.adapter.software ? "software" : "hardware";
    await Promise.race([
      page.evaluate((adapter) => window.alphasweepBench.open(adapter), kind as AdapterChoice),
      ended,
    ]);
    const adapter = { ...session.adapter, browser: session.browserVersion };
    request.opened?.(adapter);
    const peaks = await Promise.race([page.evaluate(() => window.alphasweepBench.peaks()), ended]);
    request.peaks?.(peaks);

    const rows: Row[] = [];
    const points = workloads.flatMap(({ id, runs }) =>
      (request.runs ?? runs).map((count) => ({ workload: id, runs: count })),
    );
    for (const [place, point] of points.entries()) {
      request.next?.({ ...point, place, count: points.length });
      const wanted = { ...point, seconds, peak: arithmeticOf(peaks) };
      const measured = await Promise.race([
        page.evaluate((asked) => window.alphasweepBench.measure(asked), wanted),
        ended,
      ]);
      rows.push(...measured);
      request.measured?.(measured);
    }
    return { adapter, peaks, rows };
  } finally {
    await Promise.allSettled([session.close(), server.close(), built.remove()]);
  }
}

/** Rejects when the user interrupts, or the page or its browser is gone: calls to a dead page never settle. */
function endOf({ page }: Session, signal: AbortSignal): Promise<never> {
  const end = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new Interrupted());
    signal.addEventListener("abort", () => reject(new Interrupted()), { once: true });
    page.on("error", (error) => reject(new Error(`the page has crashed (${error.message.trim()})`)));
    page.browser().on("disconnected", () => reject(new Error("the browser has ended unexpectedly")));
  });
  // Nobody may be listening when it ends.
  end.catch(() => {});
  return end;
}
