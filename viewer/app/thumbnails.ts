/** The gallery's pictures: committed drawings of what short trainings gave (`npm run thumbnails`). */

import thumbnailsFile from "../../experiments/thumbnails/thumbnails.json";

export interface Thumbnail {
  /** Runs of the training that it is drawn from. */
  runs: number;
  /** What that training has changed of the document, where it is shortened: "N = 20 instead of 100". */
  changed: string;
  /** Of the claims, measured at that size. */
  verdicts: string[];
  /** What is drawn; none where no figure is small enough. */
  figure?: string;
}

/** By the names of the built-in experiments. */
export const thumbnails = thumbnailsFile as Record<string, Thumbnail | undefined>;

const drawings = import.meta.glob<string>("../../experiments/thumbnails/*.svg", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The picture of a built-in experiment, where it has one: it follows the page's colour scheme. */
export function thumbnailNode(name: string): SVGSVGElement | undefined {
  const text = drawings[`../../experiments/thumbnails/${name}.svg`];
  if (text === undefined) return undefined;
  const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
  return document.importNode(documentElement, true) as unknown as SVGSVGElement;
}
