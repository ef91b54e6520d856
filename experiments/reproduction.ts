import type { Json } from "../src/document/types.ts";
import type { Claim } from "./claim.ts";

/** Changes to a document, by path. */
export type Changes = Readonly<Record<string, Json>>;

/** The data that a figure was published with, somebody else's: whoever has the files can measure what is known of them. */
export interface PublishedData {
  /** What puts a folder's files in the place of a document's data, by document. */
  changes(folder: string): Readonly<Record<string, Changes>>;
  /** In the place of the claims on data of our own. */
  claims: readonly Claim[];
}

/** A table or figure of the thesis, or a law, that built-in experiments show again. */
export interface Reproduction {
  /** What `alphasweep reproduce` calls it. */
  id: string;
  title: string;
  /** Where it is published. */
  source: string;
  /** Built-in experiments that are trained for it. */
  documents: readonly string[];
  /** Figures (viewer/figures) of those experiments that show it. */
  figures: readonly string[];
  claims: readonly Claim[];
  published?: PublishedData;
  /** What the everyday tests change, by document, to train in seconds. Every claim has to hold there too, or those of `shortClaims`. */
  shortened?: Readonly<Record<string, Changes>>;
  /** It takes more than six seconds, shortened or not, so that `CASES=all` alone tries it. */
  isLong?: true;
  /** In the place of the claims where training is shortened: what is known of its earlier end. */
  shortClaims?: readonly Claim[];
}
