/** Figures and the report, from a results folder. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figures as allFigures } from "../../../viewer/figures/registry.ts";
import { renderFigures } from "../../../viewer/figures/render.ts";
import { sampleText } from "../../../viewer/figures/runs.ts";
import { fillReport } from "../../../viewer/report/build.ts";
import type { ArrayName } from "../../document/types.ts";
import { folderFiles } from "../../results/folder.ts";
import { readResults } from "../../results/read.ts";
import type { Results } from "../../results/types.ts";
import { builtPage } from "../runtimes/pages.ts";

/** Bytes of what figures are drawn from: a screen shows no more. */
const drawn = { history: 2 ** 25, ntk: 2 ** 25 };

const isDrawn = (name: ArrayName): boolean => allFigures.some(({ arrays }) => arrays?.includes(name));

/**
 * Writes figures/*.svg, figures/*.png and index.html into the folder, from what it holds.
 *
 * @returns what they leave out, one line each
 */
export async function drawFolder(folder: string): Promise<string[]> {
  const results = await readResults(folder, drawn);
  // The report is filled while the last figures become pixels.
  await Promise.all([writeFigures(folder, results), writeReport(folder, results)]);
  const { unread = [] } = results;
  const sample = sampleText(results);
  return [
    ...(sample ? [`figures show ${sample}; ${folderFiles.history} has all`] : []),
    ...unread
      .filter(isDrawn)
      .map(
        (name) =>
          `${folderFiles.arrays}/${name}.npy is too large to be drawn, and figures that need it are left out`,
      ),
  ];
}

async function writeFigures(folder: string, results: Results): Promise<void> {
  const figures = await renderFigures(results);
  mkdirSync(join(folder, folderFiles.figures), { recursive: true });
  for (const { id, svg, png } of figures) {
    writeFileSync(join(folder, folderFiles.figures, `${id}.svg`), svg);
    writeFileSync(join(folder, folderFiles.figures, `${id}.png`), png);
  }
}

async function writeReport(folder: string, results: Results): Promise<void> {
  const template = readFileSync(join(await builtPage("report"), "report.html"), "utf8");
  writeFileSync(join(folder, folderFiles.report), fillReport(template, results));
}
