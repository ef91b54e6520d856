import type { Claim } from "./claim.ts";

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
}
