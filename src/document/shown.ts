/** How values and texts of a user's document appear in messages: short, and always on one line. */

const longest = 60;

/** Escapes line ends and every other character that a terminal would not show in place. */
export const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });

/** A value as JSON, shortened. */
export function shown(value: unknown): string {
  if (typeof value === "string") return oneLine(JSON.stringify(shortened(value)));
  if (typeof value === "number") return String(value);
  return oneLine(shortened(JSON.stringify(value) ?? String(value)));
}

/** `"a", "b" or "c"`. */
export function alternatives(values: readonly unknown[], joint = "or"): string {
  const texts = values.map(shown);
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(", ")} ${joint} ${texts.at(-1)}`;
}

function shortened(text: string): string {
  if (text.length <= longest) return text;
  // Whole characters: half a surrogate pair would be shown as an escape.
  return `${Array.from(text.slice(0, 2 * longest))
    .slice(0, longest)
    .join("")}…`;
}
