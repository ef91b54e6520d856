/** Text in a drawing whose font is not known: widths are estimates, on the wide side. */

/** Widths in units of the font size, of a typical sans-serif face. */
const narrow = 0.32;
const wide = 0.92;
const capital = 0.7;
const operator = 0.84;
const ordinary = 0.58;

function characterWidth(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  if (/[ijltfrI.,:;'|!()[\]\s·⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂]/u.test(character)) return narrow;
  if (/[mwMW—@%→∞]/u.test(character)) return wide;
  if (/[A-Z‖]/u.test(character)) return capital;
  if (/[=−+±≥≤×<>~]/u.test(character)) return operator;
  return (character.codePointAt(0) ?? 0) > 0x2e80 ? 1 : ordinary;
}

/** Width of a line of text, in the font size's unit. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * fontSize;
}

/** A running text in the widest of usual faces, over what is estimated of it. */
export const widestFace = 1.08;

/** Breaks a text into lines no wider than `width`, between words. */
export function wrapText(text: string, fontSize: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && textWidth(longer, fontSize) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** At most `length` characters; a longer text loses its middle, where names of one family differ least. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - (length - 1 - head)).join("")}`;
}
