/** The documentation's lines of R, where R is, and has what they need. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "./experiment.ts";
import { writeThreeRuns } from "./written.ts";

const documentation = readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8");
const [plain, packaged] = Array.from(documentation.matchAll(/^```r\n([\s\S]*?)^```/gm), ([, lines]) => lines);

const R = (program: string) => spawnSync("Rscript", ["-e", program], { encoding: "utf8" });
const hasR = R("0").status === 0;
const missing = ["arrow", "dplyr", "jsonlite"].filter((name) => R(`library(${name})`).status !== 0);

/** What lines print of three runs, by word. */
function printed(lines: string): string[] {
  const folder = temporaryFolder();
  writeThreeRuns(folder, { csv: true });
  const { status, stdout, stderr } = R(lines.replaceAll("results/alpha-sweep", folder));
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.trim().split(/\s+/);
}

test(hasR ? "R reads tables from CSV, and arrays" : "R reads nothing: there is no Rscript", () => {
  if (!hasR) return;
  expect(printed(`${plain}\nprint(ntk[3, 2, , ])`).join(" ")).toBe(
    "init.alpha ntk_drift 1 0.5 1 2 1.0 0 3 2.0 1 [1] 3 3 2 2 [,1] [,2] [1,] 210 211 [2,] 212 213",
  );
});

if (hasR)
  test(
    missing.length > 0
      ? `R's lines on Parquet are parsed only: R lacks ${missing.join(", ")}`
      : "R reads Parquet, and what columns mean",
    () => {
      if (missing.length > 0) {
        const { status, stderr } = R(`invisible(parse(text = ${JSON.stringify(packaged)}))`);
        expect([status, stderr]).toEqual([0, ""]);
      } else expect(printed(`suppressMessages({${packaged}\nprint(meanings$loss$title)})`)).toContain("loss");
    },
  );
