/** `npm run thumbnails`: what gallery and site show of the built-in experiments, from trainings of seconds. */

import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { parseHTML } from "linkedom";
import { type Claim, judge, type Judgement } from "../../../experiments/claim.ts";
import { claimRows } from "../../../experiments/claim-rows.ts";
import type { ReproducedResults } from "../../../experiments/evidence.ts";
import { reproductions } from "../../../experiments/registry.ts";
import type { Changes, Reproduction } from "../../../experiments/reproduction.ts";
import type { Thumbnail } from "../../../viewer/app/thumbnails.ts";
import { changedTraining } from "../../../viewer/figures/changed-training.ts";
import { figures, inPageOrder } from "../../../viewer/figures/registry.ts";
import { thumbnail } from "../../../viewer/figures/thumbnail.ts";
import { parsePath } from "../../document/path.ts";
import type { ClaimRow } from "../../results/claims.ts";
import { folderFiles } from "../../results/folder.ts";
import { readResults } from "../../results/read.ts";
import { parseExperiment } from "../../experiment/experiment.ts";
import { builtInNames, builtInPath } from "../experiment/built-in.ts";
import { openExperiment } from "../experiment/experiment-file.ts";
import { UsageError } from "../process/failure.ts";
import { packageRoot } from "../process/package-root.ts";
import { runProgram } from "../process/program.ts";
import { runtimeOption } from "../options/runtime-option.ts";
import { thumbnailSizes } from "../site/thumbnail-sizes.ts";
import type { RuntimeChoice } from "../runtimes/trainer.ts";
import { trainInto } from "../training/training.ts";

const place = join(packageRoot, "experiments", "thumbnails");

/** Of one experiment: no card is to weigh more than its text. */
const mostBytes = 30_000;

/** No figure of these is a picture at this size: their cards show their runs as dots. */
const pictureless = ["figure-6-datasets", "large-steps"];

/** What shows experiments that no claim is about. */
const pictures: Readonly<Record<string, readonly string[]>> = {
  "chizat-bach-width-full": ["loss-against-particles", "loss"],
  "woodworth-figure-1": ["excess-l1-against-alpha"],
};

/** Whose results the static site shows: small, and of every kind. */
const kept = [
  "barron-gaussian",
  "catapult",
  "chizat-bach-width",
  "decay-clock",
  "figure-2",
  "figure-7",
  "flow-limit",
  "initial-shape",
  "kernel-scale",
  "label-noise",
  "map-noise",
  "matrix-rates",
  "matrix-unbounded",
  "matrix-wide",
  "rates",
  "table-1",
  "woodworth-figure-3",
];
const keptPlace = join(packageRoot, "experiments", "results");

const shortened = Object.assign({}, ...reproductions.map((one) => one.shortened)) as Record<string, Changes>;

/** What a picture's training changes of the document. */
const changesOf = (name: string): Changes => thumbnailSizes[name] ?? shortened[name] ?? {};

const isWhole = (name: string): boolean => Object.keys(changesOf(name)).length === 0;

/** Trains a built-in experiment at a size of seconds, or takes what an earlier command has trained. */
async function train(name: string, folder: string, runtime: RuntimeChoice): Promise<ReproducedResults> {
  const opened = await openExperiment(
    name,
    Object.entries(changesOf(name)).map(([path, value]) => ({ path: parsePath(path)!, value })),
  );
  const out = join(folder, name);
  if (!existsSync(join(out, folderFiles.runs))) {
    const begun = performance.now();
    const { error } = await trainInto(opened, {
      folder: out,
      adapter: "auto",
      runtime,
      csv: false,
      signal: new AbortController().signal,
      say: () => {},
    });
    if (error !== undefined) throw error;
    console.log(`${name}: ${Math.round((performance.now() - begun) / 1000)} s`);
  }
  return { ...(await readResults(out)), files: opened.files };
}

/** Claims are those of whole trainings, or of the everyday tests'; of other sizes nobody has said what must hold. */
function claimsAt({ documents, claims, shortClaims, shortened: short = {} }: Reproduction): readonly Claim[] {
  if (documents.every(isWhole)) return claims;
  const isShort = documents.every((name) =>
    name in short ? short[name] === changesOf(name) : isWhole(name),
  );
  return isShort ? (shortClaims ?? claims) : [];
}

function draw(name: string, results: ReproducedResults): { title: string; svg: string } | undefined {
  const wanted = reproductions
    .filter(({ documents }) => documents.includes(name))
    .flatMap((one) => one.figures);
  if (pictureless.includes(name)) return undefined;
  const ordered = [
    ...[...(pictures[name] ?? []), ...wanted].flatMap((id) => figures.filter((figure) => figure.id === id)),
    ...figures,
  ];
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  for (const figure of inPageOrder(ordered, results)) {
    const svg = thumbnail(figure, results, document);
    if (svg.length <= mostBytes) return { title: figure.title, svg };
  }
  return undefined;
}

const cardsFile = join(place, "thumbnails.json");

async function work(names: string[], { keep, runtime }: { keep: string; runtime: RuntimeChoice }) {
  const all = builtInNames();
  for (const name of names)
    if (!all.includes(name)) throw new UsageError(`there is no built-in experiment "${name}"`);
  const wanted = names.length > 0 ? names : all;
  const about = reproductions.filter(({ documents }) => documents.some((name) => wanted.includes(name)));
  const needed = [...new Set([...wanted, ...about.flatMap(({ documents }) => documents)])];
  const evidence: Record<string, ReproducedResults> = {};
  for (const name of needed) evidence[name] = await train(name, keep, runtime);
  const rows: ClaimRow[] = [];
  for (const reproduction of about) {
    const judgements: Judgement[] = [];
    for (const claim of claimsAt(reproduction)) judgements.push(...(await judge(claim, evidence)));
    rows.push(...claimRows(reproduction, judgements));
  }
  const claimsOf = (name: string) => rows.filter(({ documents }) => documents.includes(name));
  const known = JSON.parse(readFileSync(cardsFile, "utf8")) as Record<string, Thumbnail>;
  const cards = new Map(Object.entries(known).filter(([name]) => all.includes(name)));
  for (const name of wanted) {
    const results = evidence[name];
    const drawn = draw(name, results);
    const file = join(place, `${name}.svg`);
    if (drawn) writeFileSync(file, drawn.svg);
    else rmSync(file, { force: true });
    const builtIn = parseExperiment(readFileSync(builtInPath(name)!, "utf8"), name);
    cards.set(name, {
      runs: results.runs.rows,
      changed: changedTraining(results.manifest.document, results.runs.rows, builtIn),
      verdicts: claimsOf(name).map(({ verdict }) => verdict),
      ...(drawn && { figure: drawn.title }),
    });
    if (!kept.includes(name)) continue;
    rmSync(join(keptPlace, name), { recursive: true, force: true });
    cpSync(join(keep, name), join(keptPlace, name), {
      recursive: true,
      filter: (path) => !/\.(html|svg|png)$/.test(path),
    });
    writeFileSync(join(keptPlace, name, folderFiles.claims), `${JSON.stringify(claimsOf(name), null, 2)}\n`);
  }
  const sorted = Object.fromEntries([...cards].sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(cardsFile, `${JSON.stringify(sorted, null, 2)}\n`);
}

await runProgram(
  new Command("npm run thumbnails --")
    .description("draw the gallery's cards, all or some")
    .argument("[names...]", "built-in experiments whose cards are drawn anew")
    .requiredOption("--keep <folder>", "where results go; those that are there are not trained again")
    .addOption(runtimeOption("train"))
    .action(work),
);
