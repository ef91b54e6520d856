import { lab, range, rgb } from "d3";
import { describe, expect, test } from "vitest";
import { dark, light } from "../../viewer/figures/theme.ts";

/** WCAG 2's relative luminance. */
function luminance(colour: string): number {
  const { r, g, b } = rgb(colour);
  const [red, green, blue] = [r, g, b].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each([light, dark])("the $name theme", (theme) => {
  const places = range(0, 1.0001, 0.02);

  test("text can be read", () => {
    for (const colour of [theme.text, theme.muted, theme.accent, theme.warning]) {
      expect(contrast(colour, theme.background)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour, theme.surface)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("lines and categories stand out from the background", () => {
    for (const colour of [...places.map(theme.line), ...theme.categories])
      expect(contrast(colour, theme.background)).toBeGreaterThanOrEqual(3);
  });

  test("ordered palettes grow lighter all the way, so they read without hue", () => {
    for (const palette of [theme.line, theme.sequential]) {
      const lightness = places.map((place) => lab(palette(place)).l);
      lightness.slice(1).forEach((value, k) => expect(value).toBeGreaterThan(lightness[k]));
    }
  });

  test("differences are symmetric in lightness about the background's", () => {
    const middle = Math.abs(lab(theme.diverging(0)).l - lab(theme.background).l);
    expect(middle).toBeLessThan(10);
    for (const place of [0.25, 0.5, 1])
      expect(Math.abs(lab(theme.diverging(place)).l - lab(theme.diverging(-place)).l)).toBeLessThan(16);
  });
});
