/** claims.json of a reproduction: all claims in its folder, and beside each experiment's results those that concern it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Judgement } from "../../experiments/claim.ts";
import { claimRows } from "../../experiments/claim-rows.ts";
import type { Reproduction } from "../../experiments/reproduction.ts";
import { type ClaimRow, parseClaims } from "../results/claims.ts";
import { folderFiles } from "../results/folder.ts";
import { Replacement } from "../results/replacement.ts";

export class ClaimsFiles {
  readonly #folder: string;
  readonly #rows: ClaimRow[];

  /** @param folder may hold what was reproduced earlier, which stays */
  constructor(folder: string) {
    this.#folder = folder;
    this.#rows = earlier(join(folder, folderFiles.claims));
  }

  /** Writes the claims of a reproduction, in the place of what was there of it. */
  add(reproduction: Reproduction, judgements: readonly Judgement[]): void {
    const others = this.#rows.filter(({ experiment }) => experiment !== reproduction.id);
    this.#rows.splice(0, Infinity, ...others, ...claimRows(reproduction, judgements));
    write(this.#folder, this.#rows);
    for (const document of reproduction.documents)
      write(
        join(this.#folder, document),
        this.#rows.filter(({ documents }) => documents.includes(document)),
      );
  }
}

function earlier(file: string): ClaimRow[] {
  try {
    return parseClaims(readFileSync(file));
  } catch {
    // None, or not ours to keep.
    return [];
  }
}

function write(folder: string, rows: readonly ClaimRow[]): void {
  const file = new Replacement(join(folder, folderFiles.claims));
  file.append(Buffer.from(`${JSON.stringify(rows, null, 2)}\n`, "utf8"));
  file.finish();
}
