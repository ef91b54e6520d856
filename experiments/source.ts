/** Where a built-in experiment is published. */

import { reproductions } from "./registry.ts";

/** What its claims say, else its description, in brackets; undefined where it is after no paper. */
export function sourceOf(name: string, description: string): string | undefined {
  const found = reproductions.find(({ documents }) => documents.includes(name));
  if (found) return found.source;
  const [, cited] = /\(((?:the thesis|[A-Z][^()]*(?:19|20)\d\d)[^()]*)\)/.exec(description) ?? [];
  return cited?.replace("the thesis's", "thesis,");
}

/** The paper of a source, without figures and theorems. */
export const paperOf = (source: string): string => source.split(/[;,]/, 1)[0];
