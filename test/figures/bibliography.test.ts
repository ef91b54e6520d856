/** Papers that built-in experiments are from, as BibTeX. */

import { expect, test } from "vitest";
import { reproductions } from "../../experiments/registry.ts";
import { bibtex } from "../../viewer/paper/bibliography.ts";

const paper = /[A-Z]\w+(?: et al\.| & [A-Z]\w+)? (?:19|20)\d\d/g;

test("every paper that an experiment names as its source has an entry, once, with authors, title, year and venue", () => {
  for (const { id, source } of reproductions) {
    const papers = new Set(source.match(paper));
    const entries = bibtex([source], "1.2.3").split("\n\n");
    // The last is the program.
    expect(entries.length - 1, `${id}: ${source}`).toBe(papers.size);
    for (const entry of entries.slice(0, -1)) {
      expect(entry).toMatch(/^@\w+\{\w+,\n {2}author = \{.+\},\n {2}title = \{.+\},/);
      const year = /year = \{(\d{4})\}/.exec(entry)![1];
      const [author] = /author = \{([^,]+),/.exec(entry)!.slice(1);
      expect(
        [...papers].some((named) => named.startsWith(author) && named.endsWith(year)),
        entry,
      ).toBe(true);
      expect(entry).toMatch(/(booktitle|journal) = \{.+\}/);
    }
  }
});
