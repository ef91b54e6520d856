/** A work's variants as text, the fastest first. */

import { numberText } from "../../src/cli/process/number-text.ts";
import { median, quantile } from "../statistics.ts";
import type { Comparison, Contestant } from "./contestants.ts";

/** A heading, and a line a variant; one that computes wrongly shows how, and no time. */
export function comparisonText({ work, flops, isRounded, contestants }: Comparison): string {
  const right = contestants
    .filter(({ problem }) => problem === undefined)
    .sort((one, other) => median(one.microseconds) - median(other.microseconds));
  const timeOf = (isIt: (one: Contestant) => boolean): number => {
    const found = right.find(isIt);
    return found ? median(found.microseconds) : NaN;
  };
  const plain = timeOf((one) => one.plain);
  const standard = timeOf((one) => one.standard);
  // The shader stands in the heading.
  const own = ({ variant }: Contestant) => variant.replace(`${work.split(" ", 1)[0]}#`, "");
  const widest = Math.max(...contestants.map((one) => own(one).length));
  const name = (one: Contestant) => `  ${own(one).padEnd(widest)}`;
  const times = (ratio: number) => (Number.isNaN(ratio) ? "" : `${ratio.toFixed(2)}x`);
  const line = (start: string, cells: readonly string[], marks = "") =>
    `${start}${cells.map((cell, k) => cell.padStart([11, 21, 9, 12, 9][k])).join("")}  ${marks}`.trimEnd();
  return [
    work,
    line(" ".repeat(widest + 2), ["us", "p10 ... p90", "of plain", "of standard", flops ? "GFLOP/s" : ""]),
    ...right.map((one) => {
      const time = median(one.microseconds);
      const [low, high] = [0.1, 0.9].map((q) => numberText(quantile(one.microseconds, q)));
      return line(
        name(one),
        [
          numberText(time),
          `${low} ... ${high}`,
          times(plain / time),
          times(standard / time),
          flops ? (flops / time / 1000).toFixed(2) : "",
        ],
        [one.plain ? "plain" : "", one.standard ? "standard" : ""].filter(Boolean).join(", "),
      );
    }),
    ...contestants
      .filter(({ problem }) => problem !== undefined)
      .map((one) => `${name(one)}  WRONG: ${one.problem!.replace(/\s*\n\s*/g, " ")}`),
    `  ${right.length} of ${contestants.length} variants agree with the plain one, ${
      isRounded ? "within the roundings that the record declares" : "bit for bit"
    }`,
  ].join("\n");
}
