import { dark, light, type Theme } from "./theme.ts";

const colours = ({ background, surface, text, muted, grid, accent, warning }: Theme): string =>
  Object.entries({ background, surface, text, muted, grid, accent, warning })
    .map(([name, value]) => `--${name}: ${value};`)
    .join(" ");

/** Style of pages without scripts: colours by what the reader's system prefers, as `--name`, and the pages' type. */
export const themeStyle = `:root { color-scheme: light dark; ${colours(light)} font: 16px/1.6 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { ${colours(dark)} } }
body { margin: 0; color: var(--text); background: var(--background); }
a { color: var(--accent); }
`;
