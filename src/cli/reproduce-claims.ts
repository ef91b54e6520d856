/** Trains the experiments behind figures and tables, and measures what is claimed of them. */

import { join, resolve } from "node:path";
import { judge, type Judgement } from "../../experiments/claim.ts";
import type { Evidence } from "../../experiments/evidence.ts";
import { reproductions } from "../../experiments/registry.ts";
import type { Changes, Reproduction } from "../../experiments/reproduction.ts";
import { nearest } from "../document/nearest.ts";
import { parsePath } from "../document/path.ts";
import type { AdapterChoice } from "../gpu/adapter.ts";
import { distrust } from "../guard/guard.ts";
import { readResults } from "../results/read.ts";
import { refuseUsedFolder } from "../results/used-folder.ts";
import type { Assignment } from "./assignment.ts";
import { ClaimsFiles } from "./claims-files.ts";
import { openExperiment } from "./experiment-file.ts";
import { UsageError } from "./failure.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { judgementsText, tallyText } from "./judgements-text.ts";
import { ProgressLine } from "./progress-line.ts";
import { TemporaryFolder } from "./temporary-folder.ts";
import type { RuntimeChoice } from "./trainer.ts";
import type { TuningChoice } from "./tuning-option.ts";
import { trainInto } from "./training.ts";

export interface ReproduceOptions {
  /** Folder that keeps the results; without one they are measured and dropped. */
  out?: string;
  /** Folder of the data that a figure was published with. */
  data?: string;
  adapter: AdapterChoice;
  runtime: RuntimeChoice;
  tuning: TuningChoice;
  verbose: boolean;
  quiet: boolean;
}

/** @throws Error where a verdict is not the expected one; what training throws */
export async function reproduceClaims(ids: readonly string[], options: ReproduceOptions): Promise<void> {
  const wanted =
    options.data === undefined
      ? reproductionsOf(ids)
      : publishedOf(reproductionsOf(ids), resolve(options.data));
  const documents = [...new Set(wanted.flatMap((reproduction) => reproduction.documents))];
  if (options.out !== undefined)
    for (const document of documents) refuseUsedFolder(join(options.out, document));
  const temporary = options.out === undefined ? new TemporaryFolder() : undefined;
  const folder = options.out ?? temporary!.path;
  const trainer = new Trainer(folder, options);
  const written = options.out === undefined ? undefined : new ClaimsFiles(options.out);
  try {
    const judgements: Judgement[] = [];
    for (const reproduction of wanted) {
      const evidence = await trainer.evidenceOf(reproduction);
      const own: Judgement[] = [];
      for (const claim of reproduction.claims) own.push(...(await judge(claim, evidence)));
      console.log(`${judgementsText(reproduction, own)}\n`);
      judgements.push(...own);
      if (!written) continue;
      written.add(reproduction, own);
      // The report of each folder shows its claims.
      const { drawFolder } = await import("./drawing.ts");
      for (const document of reproduction.documents) await drawFolder(join(folder, document));
    }
    console.log(tallyText(judgements));
    const unexpected = judgements.filter(({ isAsExpected }) => !isAsExpected).length;
    if (unexpected > 0) throw new Error(`${unexpected} of ${judgements.length} verdicts are not as expected`);
  } finally {
    trainer.release();
    temporary?.remove();
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

/** A reproduction with the changes to its documents that training makes. */
type Wanted = Reproduction & { changes?: Readonly<Record<string, Changes>> };

/** Reproductions on the data that they were published with. */
function publishedOf(wanted: readonly Reproduction[], folder: string): Wanted[] {
  return wanted.map((reproduction) => {
    const { id, title, published } = reproduction;
    if (!published) {
      const known = reproductions.filter((other) => other.published).map((other) => other.id);
      throw new UsageError(`--data ${folder}: "${id}" takes no data of one's own; ${known.join(", ")} does`);
    }
    return {
      ...reproduction,
      title: `${title}, data of ${folder}`,
      claims: published.claims,
      changes: published.changes(folder),
    };
  });
}

const assignmentsOf = (changes: Changes): Assignment[] =>
  Object.entries(changes).map(([path, value]) => ({ path: parsePath(path)!, value }));

/** Trains each experiment once, whoever needs it. */
class Trainer {
  readonly #evidence: Record<string, Evidence[string]> = {};
  readonly #line = new ProgressLine();
  readonly #interrupt = listenForInterrupt((text) => this.#say(text));

  constructor(
    readonly folder: string,
    readonly options: ReproduceOptions,
  ) {}

  async evidenceOf({ documents, changes }: Wanted): Promise<Evidence> {
    for (const document of documents)
      this.#evidence[document] ??= await this.#train(document, assignmentsOf(changes?.[document] ?? {}));
    return this.#evidence;
  }

  async #train(document: string, assignments: Assignment[]): Promise<Evidence[string]> {
    const opened = await openExperiment(document, assignments);
    const folder = join(this.folder, document);
    this.#say(`training ${document}`);
    const { error, manifest } = await trainInto(opened, {
      folder,
      adapter: this.options.adapter,
      runtime: this.options.runtime,
      tuning: this.options.tuning,
      csv: false,
      // Its own: a session leaves its listeners with the signal.
      signal: AbortSignal.any([this.#interrupt.signal]),
      say: (text) => this.#say(text),
      ...(this.options.verbose && { tell: (text) => this.#say(text) }),
      ...(!this.options.quiet && { progress: (progress) => this.#line.update(progress) }),
    });
    this.#line.clear();
    const problem = error ?? distrust(manifest.guard);
    if (problem !== undefined) throw problem;
    return { ...(await readResults(folder)), files: opened.files };
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
