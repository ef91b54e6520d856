/** What a step is made of, as text: a line a dispatch, in their order. */

import { numberText } from "../src/cli/process/number-text.ts";
import type { ProfileRow } from "./profile.ts";

export function profileText(rows: readonly ProfileRow[]): string {
  const all = rows.reduce((sum, { us }) => sum + us, 0);
  const line = (cells: readonly string[], variant = ""): string =>
    `  ${cells.map((cell, place) => cell.padStart([10, 9, 9, 12][place])).join("")}  ${variant}`.trimEnd();
  return [
    line(["us", "share", "GFLOP/s", "workgroups"], "dispatch"),
    ...rows.map(({ variant, workgroups, us, gflops }) =>
      line(
        [
          numberText(us),
          `${((100 * us) / all).toFixed(1)} %`,
          gflops > 0 ? gflops.toFixed(2) : "",
          String(workgroups),
        ],
        variant,
      ),
    ),
    line([numberText(all)], "in all"),
  ].join("\n");
}
