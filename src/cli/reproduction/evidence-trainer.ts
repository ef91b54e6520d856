/** Trains the experiments that claims are measured on. */

import { join } from "node:path";
import type { Evidence } from "../../../experiments/evidence.ts";
import type { Changes } from "../../../experiments/reproduction.ts";
import { parsePath } from "../../document/path.ts";
import type { AdapterChoice } from "../../gpu/adapter.ts";
import { distrust } from "../../guard/guard.ts";
import { readResults } from "../../results/read.ts";
import type { Assignment } from "../experiment/assignment.ts";
import { openExperiment } from "../experiment/experiment-file.ts";
import { listenForInterrupt } from "../runtimes/interrupt.ts";
import { ProgressLine } from "../process/progress-line.ts";
import type { Wanted } from "../options/reproduction-size.ts";
import type { RuntimeChoice } from "../runtimes/trainer.ts";
import { trainInto } from "../training/training.ts";
import type { TuningChoice } from "../options/tuning-option.ts";

export interface EvidenceOptions {
  /** Go on with what is there. */
  resume: boolean;
  adapter: AdapterChoice;
  runtime: RuntimeChoice;
  tuning: TuningChoice;
  verbose: boolean;
  quiet: boolean;
}

const assignmentsOf = (changes: Changes): Assignment[] =>
  Object.entries(changes).map(([path, value]) => ({ path: parsePath(path)!, value }));

/** Trains each experiment once, whoever needs it. */
export class EvidenceTrainer {
  readonly #evidence: Record<string, Evidence[string]> = {};
  readonly #line = new ProgressLine();
  readonly #interrupt = listenForInterrupt((text) => this.say(text));

  constructor(
    readonly folder: string,
    readonly options: EvidenceOptions,
  ) {}

  /** What is measured on: of this reproduction's documents alone. */
  async evidenceOf({ documents, changes }: Wanted): Promise<Evidence> {
    for (const document of documents)
      this.#evidence[document] ??= await this.#train(document, assignmentsOf(changes?.[document] ?? {}));
    return Object.fromEntries(documents.map((document) => [document, this.#evidence[document]]));
  }

  /** Lets results go that nothing later is measured on: all of them would fill the memory. */
  keepFor(later: readonly Wanted[]): void {
    const needed = new Set(later.flatMap(({ documents }) => documents));
    for (const document of Object.keys(this.#evidence))
      if (!needed.has(document)) delete this.#evidence[document];
  }

  async #train(document: string, assignments: Assignment[]): Promise<Evidence[string]> {
    this.say(`training ${document}`);
    const opened = await openExperiment(document, assignments);
    const folder = join(this.folder, document);
    const { error, manifest } = await trainInto(opened, {
      folder,
      resume: this.options.resume,
      adapter: this.options.adapter,
      runtime: this.options.runtime,
      tuning: this.options.tuning,
      csv: false,
      // Its own: a session leaves its listeners with the signal.
      signal: AbortSignal.any([this.#interrupt.signal]),
      say: (text) => this.say(text),
      ...(this.options.verbose && { tell: (text) => this.say(text) }),
      ...(!this.options.quiet && { progress: (progress) => this.#line.update(progress) }),
    });
    this.#line.clear();
    const problem = error ?? distrust(manifest.guard);
    if (problem !== undefined) throw problem;
    return { ...(await readResults(folder)), files: opened.files };
  }

  say(text: string): void {
    if (this.options.quiet) return;
    this.#line.clear();
    console.error(text);
  }

  release(): void {
    this.#line.clear();
    this.#interrupt.release();
  }
}
