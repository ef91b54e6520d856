/** Trains the experiments behind figures and tables, and measures what is claimed of them. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge, type Judgement } from "../../experiments/claim.ts";
import type { Evidence } from "../../experiments/evidence.ts";
import { reproductions } from "../../experiments/registry.ts";
import type { Reproduction } from "../../experiments/reproduction.ts";
import { nearest } from "../document/nearest.ts";
import type { AdapterChoice } from "../gpu/adapter.ts";
import { refuseUsedFolder } from "../results/folder.ts";
import { readResults } from "../results/read.ts";
import { openExperiment } from "./experiment-file.ts";
import { UsageError } from "./failure.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { judgementsText, tallyText } from "./judgements-text.ts";
import { ProgressLine } from "./progress-line.ts";
import { trainInto } from "./training.ts";

/** @throws Error where a verdict is not the expected one; what training throws */
export async function reproduceClaims(
  ids: readonly string[],
  options: { out?: string; adapter: AdapterChoice; quiet: boolean },
): Promise<void> {
  const wanted = reproductionsOf(ids);
  const documents = [...new Set(wanted.flatMap((reproduction) => reproduction.documents))];
  if (options.out !== undefined)
    for (const document of documents) refuseUsedFolder(join(options.out, document));
  const folder = options.out ?? mkdtempSync(join(tmpdir(), "alphasweep-reproduce-"));
  const trainer = new Trainer(folder, options);
  try {
    const judgements: Judgement[] = [];
    for (const reproduction of wanted) {
      const evidence = await trainer.evidenceOf(reproduction);
      const own = reproduction.claims.flatMap((claim) => judge(claim, evidence));
      console.log(`${judgementsText(reproduction, own)}\n`);
      judgements.push(...own);
    }
    console.log(tallyText(judgements));
    const unexpected = judgements.filter(({ isAsExpected }) => !isAsExpected).length;
    if (unexpected > 0) throw new Error(`${unexpected} of ${judgements.length} verdicts are not as expected`);
  } finally {
    trainer.release();
    if (options.out === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function reproductionsOf(ids: readonly string[]): readonly Reproduction[] {
  if (ids.length === 0) return reproductions;
  const known = reproductions.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const guess = nearest(id, known);
    const mend = guess ? `did you mean "${guess}"?` : `there are ${known.join(", ")}`;
    throw new UsageError(`there is nothing to reproduce by the name of "${id}"; ${mend}`);
  }
  return reproductions.filter(({ id }) => ids.includes(id));
}

/** Trains each experiment once, whoever needs it. */
class Trainer {
  readonly #evidence: Record<string, Evidence[string]> = {};
  readonly #line = new ProgressLine();
  readonly #interrupt = listenForInterrupt((text) => this.#say(text));

  constructor(
    readonly folder: string,
    readonly options: { out?: string; adapter: AdapterChoice; quiet: boolean },
  ) {}

  async evidenceOf({ documents }: Reproduction): Promise<Evidence> {
    for (const document of documents) this.#evidence[document] ??= await this.#train(document);
    return this.#evidence;
  }

  async #train(document: string): Promise<Evidence[string]> {
    const opened = await openExperiment(document, []);
    const folder = join(this.folder, document);
    this.#say(`training ${document}`);
    const { error } = await trainInto(opened, {
      folder,
      adapter: this.options.adapter,
      csv: false,
      // Its own: a session leaves its listeners with the signal.
      signal: AbortSignal.any([this.#interrupt.signal]),
      say: (text) => this.#say(text),
      ...(!this.options.quiet && { progress: (progress) => this.#line.update(progress) }),
    });
    this.#line.clear();
    if (error !== undefined) throw error;
    if (this.options.out !== undefined) {
      const { drawFolder } = await import("./drawing.ts");
      await drawFolder(folder);
    }
    return readResults(folder);
  }

  #say(text: string): void {
    if (this.options.quiet) return;
    this.#line.clear();
    console.error(text);
  }

  release(): void {
    this.#line.clear();
    this.#interrupt.release();
  }
}
