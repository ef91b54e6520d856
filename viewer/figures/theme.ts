/**
 * The colours of a light and a dark page. Every palette here is ordered in lightness, so that it reads the same to a
 * colour-blind eye and in grey, and every line colour stands out from its background by at least 3 : 1.
 */

import { interpolateLab, interpolateRdBu, interpolateViridis, piecewise } from "d3";

export interface Theme {
  name: "light" | "dark";
  background: string;
  /** Panels, fields and tips, a step away from the background. */
  surface: string;
  text: string;
  /** Captions, ticks, notes. */
  muted: string;
  grid: string;
  /** Links, focus rings, single lines. */
  accent: string;
  /** Messages about what went wrong. */
  warning: string;
  /** A line's colour by its place on a scale, 0 to 1. */
  line: (place: number) => string;
  /** Colours of things without an order. */
  categories: readonly string[];
  /** A cell's colour by its place on a scale, 0 to 1. */
  sequential: (place: number) => string;
  /** A cell's colour by its signed place, -1 to 1; 0 is close to the background. */
  diverging: (place: number) => string;
  /** Cells without a number. */
  missing: string;
}

export const light: Theme = {
  name: "light",
  background: "#ffffff",
  surface: "#f6f7f9",
  text: "#1d2129",
  muted: "#5c6470",
  grid: "#e3e6ea",
  accent: "#2a5db0",
  warning: "#a8400f",
  // Viridis with its pale end darkened: yellow lines cannot be seen on white.
  line: piecewise(interpolateLab, ["#74104f", "#4150a3", "#1c7a90", "#2f9364", "#b08400"]),
  // After Okabe and Ito, darkened for white.
  categories: ["#0072b2", "#c24e00", "#007f5f", "#a5478a", "#7d6300", "#5b6b7d"],
  sequential: interpolateViridis,
  diverging: (place) => interpolateRdBu(0.5 - place / 2),
  missing: "#d5d9df",
};

export const dark: Theme = {
  name: "dark",
  background: "#14171c",
  surface: "#1d2128",
  text: "#e6e8ec",
  muted: "#a0a8b4",
  grid: "#2b3038",
  accent: "#7db3ff",
  warning: "#ffab7a",
  // Viridis with its dark end lightened, for the same reason.
  line: piecewise(interpolateLab, ["#a06fd6", "#5f95e0", "#36b5a8", "#8fd14f", "#fde725"]),
  categories: ["#56b4e9", "#e69f00", "#2fc29a", "#e58fc0", "#f0e442", "#a0a8b4"],
  sequential: interpolateViridis,
  diverging: diverge(
    piecewise(interpolateLab, ["#b4dcff", "#5a9fdb", "#2b5a86", "#20242b", "#7d4022", "#dd8048", "#ffd4b4"]),
  ),
  missing: "#3a404a",
};

function diverge(scale: (place: number) => string): (place: number) => string {
  return (place) => scale((place + 1) / 2);
}
