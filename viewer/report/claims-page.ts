/** One page of everything that was reproduced: each claim, what was expected, what was measured, and the verdict. */

import { exactText } from "../../experiments/number-text.ts";
import { paperOf } from "../../experiments/source.ts";
import { type ClaimRow, verdictsText } from "../../src/results/claims.ts";
import { themeStyle } from "../figures/theme-style.ts";
import { escapeHtml } from "./escape-html.ts";

/** A figure, table or law as it was reproduced. */
export interface Reproduced {
  id: string;
  title: string;
  /** The paper, and where in it. */
  source: string;
  claims: readonly ClaimRow[];
  /** The experiments that were trained for it, with a report each. */
  trained: readonly { document: string; seconds: number }[];
  /** Why it was not, where it could not be. */
  failure?: string;
}

export interface ClaimsPage {
  /** What was trained: "small", or as published. */
  size: string;
  /** The day, and the program's version. */
  date: string;
  version: string;
  /** What trained. */
  adapters: readonly string[];
  reproduced: readonly Reproduced[];
  /** What is still to be reproduced. */
  missing: readonly string[];
}

/** @returns the text of an HTML file without scripts, whose links lead to the reports in folders beside it */
export function claimsPage({ size, date, version, adapters, reproduced, missing }: ClaimsPage): string {
  const claims = reproduced.flatMap((one) => one.claims);
  const papers = [...new Set(reproduced.map(({ source }) => paperOf(source)))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  const text = escapeHtml;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta
      http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Claims reproduced</title>
    <link rel="icon" href="data:," />
    <style>
${themeStyle}${style}
    </style>
  </head>
  <body>
    <main>
      <h1>Claims reproduced</h1>
      <p>${text(`${claims.length} statements: ${verdictsText(claims.map(({ verdict }) => verdict)) || "none yet"}.`)}</p>
      <p class="note">${text(
        `${sizeText(size)} Trained with alphasweep ${version} until ${date} on ${adapters.join("; ") || "no adapter yet"}.`,
      )}</p>
${missing.length > 0 ? `      <p class="note">${text(`Not reproduced yet: ${missing.join(", ")}. The same command goes on with them.`)}</p>\n` : ""}${papers
    .map((paper) =>
      paperSection(
        paper,
        reproduced.filter((one) => paperOf(one.source) === paper),
      ),
    )
    .join("\n")}
    </main>
  </body>
</html>
`;
}

/** More than the claims are known to. */
const digits = 7;

const sizeText = (size: string): string =>
  size === "small"
    ? "Small experiments: fewer runs or shorter ones than what was published, with the claims that hold there as well."
    : "Experiments at the size at which they were published.";

/** The thesis first. */
const rank = (paper: string): number => (paper === "thesis" ? 0 : 1);

const paperSection = (paper: string, reproduced: readonly Reproduced[]): string =>
  `      <section>
        <h2>${escapeHtml(paper[0].toUpperCase() + paper.slice(1))}</h2>
${reproduced.map(part).join("\n")}
      </section>`;

function part({ id, title, source, claims, trained, failure }: Reproduced): string {
  const text = escapeHtml;
  const seconds = trained.reduce((sum, one) => sum + one.seconds, 0);
  const links = trained.map(
    ({ document }) => `<a href="${text(encodeURIComponent(document))}/index.html">${text(document)}</a>`,
  );
  const rows = claims.flatMap((claim, place) => [
    ...(claim.source === claims[place - 1]?.source
      ? []
      : [`<tr class="source"><th scope="colgroup" colspan="4">${text(claim.source)}</th></tr>`]),
    claimRow(claim),
  ]);
  const table =
    claims.length === 0
      ? ""
      : `
        <div class="table" tabindex="0" role="region" aria-label="${text(`Claims of ${title}`)}"><table>
          <thead><tr><th scope="col">claim</th><th scope="col">expected</th><th scope="col">measured</th><th scope="col">verdict</th></tr></thead>
          <tbody>
            ${rows.join("\n            ")}
          </tbody>
        </table></div>`;
  return `        <h3 id="${text(id)}">${text(title)}</h3>
        <p class="note">${text(source)}${trained.length > 0 ? `; trained in ${text(secondsText(seconds))}; reports: ${links.join(", ")}` : ""}</p>${
          failure === undefined ? "" : `\n        <p class="warning">${text(failure)}</p>`
        }${table}`;
}

function claimRow({ claim, claimed, expected, measured, verdict }: ClaimRow): string {
  const was = claimed === expected ? "" : ` (claimed: ${claimed})`;
  const cells = [
    claim,
    `${expected}${was}`,
    measured === null ? "not measurable" : exactText(Number(measured.toPrecision(digits))),
    verdict,
  ];
  const isWrong = verdict === "does not hold" || verdict === "not measurable";
  return `<tr${isWrong ? ' class="warning"' : ""}>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
}

const secondsText = (seconds: number): string =>
  seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

const style = `main { max-width: 1080px; margin: 0 auto; padding: 8px 20px 64px; overflow-wrap: anywhere; }
h1 { margin: 20px 0 4px; font-size: 28px; line-height: 1.25; }
h2 { margin: 40px 0 0; font-size: 20px; }
h3 { margin: 24px 0 0; font-size: 16px; }
p { margin: 0; }
.note, .source th { color: var(--muted); font-size: 14px; }
.table { margin-top: 8px; overflow: auto; }
table { width: 100%; min-width: 640px; table-layout: fixed; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 14px 4px 0; text-align: left; vertical-align: top; font-weight: 400; border-bottom: 1px solid var(--grid); }
thead th { color: var(--muted); }
thead th { width: 14%; }
thead th:nth-child(1) { width: 52%; }
thead th:nth-child(2) { width: 20%; }
.source th { padding-top: 10px; }
p.warning, .warning td:last-child { color: var(--warning); }
@media print { .table { overflow: visible; } }`;
