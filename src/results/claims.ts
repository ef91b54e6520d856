/** claims.json: what `reproduce` has measured of published claims, beside the results that it was measured on. */

import * as v from "valibot";
import { formatPath } from "../document/path.ts";
import { utf8Text } from "../document/utf8-text.ts";

const row = v.object({
  // What `reproduce` calls the figure or table.
  experiment: v.string(),
  // Built-in documents that it was measured on, and the figures of theirs that show it.
  documents: v.array(v.string()),
  figures: v.array(v.string()),
  claim: v.string(),
  source: v.string(),
  // What the source says the number is; another than `expected` where that is false as written.
  claimed: v.string(),
  expected: v.string(),
  // null where it could not be measured.
  measured: v.nullable(v.number()),
  verdict: v.string(),
});

export type ClaimRow = v.InferOutput<typeof row>;

/**
 * Reads claims.json, which may come from anyone.
 *
 * @throws Error that says what is wrong, in one line
 */
export function parseClaims(bytes: Uint8Array): ClaimRow[] {
  let value: unknown;
  try {
    value = JSON.parse(utf8Text(bytes) ?? "");
  } catch {
    throw new Error("claims.json is not JSON");
  }
  const result = v.safeParse(v.array(row), value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  throw new Error(`claims.json: ${formatPath(path) || "it"} is not what reproduce writes`);
}

/** "5 hold, 1 false as written": what holds comes first. */
export function verdictsText(verdicts: readonly string[]): string {
  const counts = new Map<string, number>(verdicts.includes("holds") ? [["holds", 0]] : []);
  for (const verdict of verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return Array.from(counts, ([verdict, count]) => `${count} ${plural(verdict, count)}`).join(", ");
}

const plural = (verdict: string, count: number): string =>
  verdict === "holds" && count !== 1 ? "hold" : verdict;
