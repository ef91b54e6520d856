/** Trains the experiments behind figures and tables, and measures what is claimed of them. */

import { join, resolve } from "node:path";
import { judge, type Judgement } from "../../../experiments/claim.ts";
import { reproductions } from "../../../experiments/registry.ts";
import type { Reproduction } from "../../../experiments/reproduction.ts";
import { nearest } from "../../document/nearest.ts";
import { refuseUsedFolder } from "../../results/used-folder.ts";
import { ClaimsFiles } from "./claims-files.ts";
import { commandText } from "../options/command-text.ts";
import { type EvidenceOptions, EvidenceTrainer } from "./evidence-trainer.ts";
import { exitCodeOf, exitCodes, explain, Interrupted, UsageError } from "../process/failure.ts";
import { judgementsText, type Outcome, outcomesText } from "../training/judgements-text.ts";
import { ofSize, type Wanted } from "../options/reproduction-size.ts";
import type { Size } from "../options/sizes.ts";
import { TemporaryFolder } from "../process/temporary-folder.ts";

export interface ReproduceOptions extends EvidenceOptions {
  /** Folder that keeps the results; without one they are measured and dropped. */
  out?: string;
  /** Folder of the data that a figure was published with. */
  data?: string;
  size?: Size;
}

/**
 * Where everything is reproduced it is small, kept, and gone on with, unless told otherwise.
 *
 * @throws Error where a verdict is not the expected one, or something could not be trained; Interrupted, with what was done
 *   kept; what keeps anything from being trained
 */
export async function reproduceClaims(ids: readonly string[], given: ReproduceOptions): Promise<void> {
  const isAll = ids.length === 0 && given.data === undefined;
  const size = given.size ?? (isAll ? "small" : "full");
  const usual = isAll ? { out: join("results", `reproduced-${size}`), resume: true } : {};
  const options = { ...given, ...usual, ...(given.out !== undefined && { out: given.out }) };
  const chosen = reproductionsOf(ids);
  const wanted =
    options.data === undefined
      ? chosen.map((reproduction) => ofSize(reproduction, size))
      : publishedOf(chosen, resolve(options.data));
  const documents = [...new Set(wanted.flatMap((reproduction) => reproduction.documents))];
  if (options.out !== undefined && !options.resume)
    for (const document of documents) refuseUsedFolder(join(options.out, document));
  const temporary = options.out === undefined ? new TemporaryFolder() : undefined;
  const folder = options.out ?? temporary!.path;
  const trainer = new EvidenceTrainer(folder, options);
  const kept = options.out === undefined ? undefined : new ClaimsFiles(options.out, { size, wanted: chosen });
  const outcomes: Outcome[] = [];
  try {
    for (const [place, reproduction] of wanted.entries()) {
      if (wanted.length > 1) trainer.say(`${reproduction.id}, ${place + 1} of ${wanted.length}`);
      const outcome = await outcomeOf(reproduction, trainer);
      trainer.keepFor(wanted.slice(place + 1));
      outcomes.push(outcome);
      console.log(
        "failure" in outcome
          ? `${reproduction.id}: ${reproduction.title} (${reproduction.source})\n    ${outcome.failure}\n`
          : `${judgementsText(reproduction, outcome.judgements)}\n`,
      );
      if (kept) await keep(outcome, kept, folder);
    }
    console.log(outcomesText(outcomes));
    if (kept) console.log(kept.page);
    complain(outcomes);
  } catch (error) {
    if (error instanceof Interrupted && options.out !== undefined)
      trainer.say(
        `to go on: ${commandText(["reproduce", ...ids, "--size", size, "--out", options.out, "--resume"])}`,
      );
    throw error;
  } finally {
    trainer.release();
    temporary?.remove();
  }
}

/** @throws what would keep the others from being trained, too */
async function outcomeOf(reproduction: Wanted, trainer: EvidenceTrainer): Promise<Outcome> {
  try {
    const evidence = await trainer.evidenceOf(reproduction);
    const judgements: Judgement[] = [];
    for (const claim of reproduction.claims) judgements.push(...(await judge(claim, evidence)));
    return { reproduction, judgements };
  } catch (error) {
    if (exitCodeOf(error) !== exitCodes.failed) throw error;
    return { reproduction, failure: explain(error) };
  }
}

async function keep(outcome: Outcome, kept: ClaimsFiles, folder: string): Promise<void> {
  const { reproduction } = outcome;
  if ("failure" in outcome) return kept.fail(reproduction, outcome.failure);
  kept.add(reproduction, outcome.judgements);
  // The report of each folder shows its claims.
  const { drawFolder } = await import("../training/drawing.ts");
  for (const document of reproduction.documents) await drawFolder(join(folder, document));
}

/** @throws Error where not all is as expected */
function complain(outcomes: readonly Outcome[]): void {
  const failures = outcomes.filter((outcome) => "failure" in outcome).length;
  const judgements = outcomes.flatMap((outcome) => ("failure" in outcome ? [] : outcome.judgements));
  const unexpected = judgements.filter(({ isAsExpected }) => !isAsExpected).length;
  const problems = [
    ...(unexpected > 0 ? [`${unexpected} of ${judgements.length} verdicts are not as expected`] : []),
    ...(failures > 0 ? [`${failures} of ${outcomes.length} could not be trained`] : []),
  ];
  if (problems.length > 0) throw new Error(problems.join("; "));
}

function reproductionsOf(ids: readonly string[]): readonly Reproduction[] {
  if (ids.length === 0) return reproductions;
  const known = reproductions.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const of = reproductions.find(({ documents }) => documents.includes(id));
    const guess = of?.id ?? nearest(id, known);
    const mend = guess ? `did you mean "${guess}"?` : `"alphasweep list" lists what there is`;
    throw new UsageError(`there is nothing to reproduce by the name of "${id}"; ${mend}`);
  }
  return reproductions.filter(({ id }) => ids.includes(id));
}

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
