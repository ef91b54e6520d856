/** What pages have in common that are made from schema and registries. */

/** Says where the page is from. */
export const generated =
  "<!-- Written by `npm run reference`, from the schema and the registries: what is wrong here is mended there. -->";

/** Text in a cell of a Markdown table. */
export const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
