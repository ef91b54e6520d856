/** The report: a page that holds its results, and needs no server and no network. */

import { createHash } from "node:crypto";
import type { Results } from "../../src/results/types.ts";
import { escapeHtml } from "./escape-html.ts";
import { packResults, reportBudget } from "./payload.ts";

/** Where the template (viewer/report.html, built into one file) takes its results. */
const dataStart = '<script id="results" type="application/json">';
const dataEnd = "</script>";
const titlePlace = "<title>alphasweep report</title>";
const policyPlace = "script-src 'none'";

/**
 * Fills the report's template.
 *
 * @param template viewer/report.html built into a single file
 * @returns the text of an HTML file that draws from disk
 * @throws Error when the template is not the report's
 */
export function fillReport(template: string, results: Results): string {
  const hashes = scriptsOf(template).map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  const [start, end] = splitAt(
    [
      [policyPlace, `script-src ${hashes.join(" ")}`],
      [titlePlace, `<title>${escapeHtml(results.manifest.name)}</title>`],
    ].reduce((page, [place, content]) => splitAt(page, place).join(content), template),
    dataStart + dataEnd,
  );
  // Last, because it is the most. Only `<` could end the element; as an escape it is the same JSON.
  const data = JSON.stringify(packResults(results, reportBudget)).replaceAll("<", "\\u003c");
  return [start, dataStart, data, dataEnd, end].join("");
}

function splitAt(page: string, place: string): [string, string] {
  const [start, end, ...more] = page.split(place);
  if (end === undefined || more.length > 0)
    throw new Error(`the report's template needs exactly one ${place}`);
  return [start, end];
}

/** The scripts that run, to the byte: what the policy's hashes are of. */
const scriptsOf = (template: string): string[] =>
  [...template.matchAll(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
