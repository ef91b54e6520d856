/**
 * What is kept of reproductions: claims.json, all claims in their folder and beside each experiment's results those that concern
 * it; and one page of all of them.
 */

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Judgement } from "../../../experiments/claim.ts";
import { claimRows } from "../../../experiments/claim-rows.ts";
import { reproductions } from "../../../experiments/registry.ts";
import type { Reproduction } from "../../../experiments/reproduction.ts";
import { claimsPage, type Reproduced } from "../../../viewer/report/claims-page.ts";
import { type ClaimRow, parseClaims } from "../../results/claims.ts";
import { folderFiles } from "../../results/folder.ts";
import { parseManifest } from "../../results/manifest.ts";
import { Replacement } from "../../results/replacement.ts";
import { packageVersion } from "../process/package-root.ts";
import type { Size } from "../options/sizes.ts";
import { adapterLine } from "../training/training.ts";

const pageName = "claims.html";

export class ClaimsFiles {
  readonly #folder: string;
  readonly #rows: ClaimRow[];
  readonly #size: Size;
  readonly #wanted: readonly Reproduction[];
  readonly #failures = new Map<string, string>();

  /**
   * @param folder may hold what was reproduced earlier, which stays
   * @param work what is going to be reproduced
   */
  constructor(folder: string, work: { size: Size; wanted: readonly Reproduction[] }) {
    this.#folder = folder;
    this.#size = work.size;
    this.#wanted = work.wanted;
    this.#rows = earlier(join(folder, folderFiles.claims));
  }

  /** Where the page is. */
  get page(): string {
    return join(this.#folder, pageName);
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
    this.#failures.delete(reproduction.id);
    this.#writePage();
  }

  /** Keeps why a reproduction came to nothing. */
  fail({ id }: Reproduction, failure: string): void {
    this.#failures.set(id, failure);
    this.#writePage();
  }

  #writePage(): void {
    const reproduced = reproductions.flatMap(({ id, title, source, documents }): Reproduced[] => {
      const claims = this.#rows.filter(({ experiment }) => experiment === id);
      const failure = this.#failures.get(id);
      if (claims.length === 0 && failure === undefined) return [];
      const trained = claims.length === 0 ? [] : documents.flatMap((document) => this.#trained(document));
      return [{ id, title, source, claims, trained, ...(failure !== undefined && { failure }) }];
    });
    const known = new Set(reproduced.map(({ id }) => id));
    const trained = reproduced.flatMap((one) => one.trained as Trained[]);
    const page = claimsPage({
      size: this.#size,
      date: new Date().toISOString().slice(0, 10),
      version: packageVersion(),
      adapters: [...new Set(trained.map(({ adapter }) => adapter))],
      reproduced,
      missing: this.#wanted.map(({ id }) => id).filter((id) => !known.has(id)),
    });
    mkdirSync(this.#folder, { recursive: true });
    replace(this.page, page);
  }

  /** How an experiment was trained; nothing where its results have gone. */
  #trained(document: string): Trained[] {
    try {
      const { seconds, adapter, browser } = parseManifest(
        readFileSync(join(this.#folder, document, folderFiles.manifest)),
      );
      return [{ document, seconds, adapter: adapterLine(adapter, browser) }];
    } catch {
      return [];
    }
  }
}

type Trained = Reproduced["trained"][number] & { adapter: string };

function earlier(file: string): ClaimRow[] {
  try {
    return parseClaims(readFileSync(file));
  } catch {
    // None, or not ours to keep.
    return [];
  }
}

const write = (folder: string, rows: readonly ClaimRow[]): void =>
  replace(join(folder, folderFiles.claims), `${JSON.stringify(rows, null, 2)}\n`);

function replace(path: string, text: string): void {
  const file = new Replacement(path);
  file.append(Buffer.from(text, "utf8"));
  file.finish();
}
