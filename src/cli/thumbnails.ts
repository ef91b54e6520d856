/** `npm run thumbnails`: what gallery and site show of the built-in experiments, from trainings of seconds. */

import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { parseHTML } from "linkedom";
import { judge, type Judgement } from "../../experiments/claim.ts";
import { claimRows } from "../../experiments/claim-rows.ts";
import type { ReproducedResults } from "../../experiments/evidence.ts";
import { reproductions } from "../../experiments/registry.ts";
import type { Changes } from "../../experiments/reproduction.ts";
import type { Thumbnail } from "../../viewer/app/thumbnails.ts";
import { isShown } from "../../viewer/figures/figure.ts";
import { plural } from "../../viewer/figures/format.ts";
import { figures } from "../../viewer/figures/registry.ts";
import { formatCell, pathSymbol } from "../../viewer/figures/runs.ts";
import { thumbnail } from "../../viewer/figures/thumbnail.ts";
import { parsePath } from "../document/path.ts";
import type { ClaimRow } from "../results/claims.ts";
import { folderFiles } from "../results/folder.ts";
import { readResults } from "../results/read.ts";
import { builtInNames } from "./built-in.ts";
import { openExperiment } from "./experiment-file.ts";
import { packageRoot } from "./package-root.ts";
import { runProgram } from "./program.ts";
import { runtimeOption } from "./runtime-option.ts";
import type { RuntimeChoice } from "./trainer.ts";
import { trainInto } from "./training.ts";

const place = join(packageRoot, "experiments", "thumbnails");

/** Of one experiment: no card is to weigh more than its text. */
const mostBytes = 24_000;

/** No figure of these is a picture at this size: their cards show their runs as dots. */
const pictureless = ["figure-6-datasets", "matrix-rates"];

/** Whose results the static site shows: small, and of every kind. */
const kept = [
  "figure-2",
  "figure-7",
  "flow-limit",
  "initial-shape",
  "kernel-scale",
  "matrix-rates",
  "rates",
  "table-1",
  "woodworth-figure-3",
];
const keptPlace = join(packageRoot, "experiments", "results");

const shortened = Object.assign({}, ...reproductions.map((one) => one.shortened)) as Record<string, Changes>;

/** Trains a built-in experiment at the size of the everyday tests, or takes what an earlier command has trained. */
async function train(name: string, folder: string, runtime: RuntimeChoice): Promise<ReproducedResults> {
  const changes = Object.entries(shortened[name] ?? {});
  const opened = await openExperiment(
    name,
    changes.map(([path, value]) => ({ path: parsePath(path)!, value })),
  );
  const out = join(folder, name);
  if (!existsSync(out)) {
    console.log(`training ${name}`);
    const { error } = await trainInto(opened, {
      folder: out,
      adapter: "auto",
      runtime,
      csv: false,
      signal: new AbortController().signal,
      say: () => {},
    });
    if (error !== undefined) throw error;
  }
  return { ...(await readResults(out)), files: opened.files };
}

/** "12 runs, N = 20, n = 50": what the card is drawn from. */
function sizeText(name: string, { runs }: ReproducedResults): string {
  const changed = Object.entries(shortened[name] ?? {}).flatMap(([path, value]) =>
    typeof value === "number" ? [`${pathSymbol(path)} = ${formatCell(value)}`] : [],
  );
  return [plural(runs.rows, "run"), ...changed].join(", ");
}

function draw(name: string, results: ReproducedResults): { title: string; svg: string } | undefined {
  const wanted = reproductions
    .filter(({ documents }) => documents.includes(name))
    .flatMap((one) => one.figures);
  if (pictureless.includes(name)) return undefined;
  const ordered = [...wanted.flatMap((id) => figures.filter((figure) => figure.id === id)), ...figures];
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  for (const figure of ordered.filter((candidate) => isShown(candidate, results))) {
    const svg = thumbnail(figure, results, document);
    if (svg.length <= mostBytes) return { title: figure.title, svg };
  }
  return undefined;
}

async function work({ keep, runtime }: { keep: string; runtime: RuntimeChoice }): Promise<void> {
  const evidence: Record<string, ReproducedResults> = {};
  for (const name of builtInNames()) evidence[name] = await train(name, keep, runtime);
  const rows: ClaimRow[] = [];
  for (const reproduction of reproductions) {
    const judgements: Judgement[] = [];
    for (const claim of reproduction.shortClaims ?? reproduction.claims)
      judgements.push(...(await judge(claim, evidence)));
    rows.push(...claimRows(reproduction, judgements));
  }
  const claimsOf = (name: string) => rows.filter(({ documents }) => documents.includes(name));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  const cards: Record<string, Thumbnail> = {};
  for (const [name, results] of Object.entries(evidence)) {
    const drawn = draw(name, results);
    if (drawn) writeFileSync(join(place, `${name}.svg`), drawn.svg);
    cards[name] = {
      size: sizeText(name, results),
      verdicts: claimsOf(name).map(({ verdict }) => verdict),
      ...(drawn && { figure: drawn.title }),
    };
  }
  writeFileSync(join(place, "thumbnails.json"), `${JSON.stringify(cards, null, 2)}\n`);
  rmSync(keptPlace, { recursive: true, force: true });
  for (const name of kept) {
    cpSync(join(keep, name), join(keptPlace, name), { recursive: true });
    writeFileSync(join(keptPlace, name, folderFiles.claims), `${JSON.stringify(claimsOf(name), null, 2)}\n`);
  }
}

await runProgram(
  new Command("npm run thumbnails --")
    .description("draw the gallery's cards")
    .requiredOption("--keep <folder>", "where results go; those that are there are not trained again")
    .addOption(runtimeOption("train"))
    .action(work),
);
