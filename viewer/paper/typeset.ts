/** Subscripts and superscripts of a drawing set as such: smaller and shifted, of the font's ordinary letters. */

const raised = new Map([...zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀᴰ", "0123456789−TD")]);
const lowered = new Map([...zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼ", "0123456789ij")]);

function* zip(from: string, to: string): Generator<[string, string]> {
  const letters = [...to];
  for (const [k, letter] of [...from].entries()) yield [letter, letters[k]];
}

/** Of the font size: how large a script is, and how far from the line. */
const scriptSize = 0.7;
const rise = 0.36;
const fall = 0.16;
/** "β_ℓ₁", "‖W‖_*", "α_eff", "α^D": what an underscore lowers, and a caret raises. */
const marked = /_(ℓ[₀-₉]|[A-Z*]|eff)|\^([A-Z])/gu;

type Place = "line" | "raised" | "lowered";

interface Piece {
  text: string;
  place: Place;
}

/** A text in pieces that stand on the line, above or below it. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const add = (letter: string, place: Place) => {
    const last = pieces.at(-1);
    if (last?.place === place) last.text += letter;
    else pieces.push({ text: letter, place });
  };
  let from = 0;
  const plain = (part: string) => {
    for (const letter of part) {
      if (raised.has(letter)) add(raised.get(letter)!, "raised");
      else if (lowered.has(letter)) add(lowered.get(letter)!, "lowered");
      else add(letter, "line");
    }
  };
  for (const match of text.matchAll(marked)) {
    plain(text.slice(from, match.index));
    const [, below = "", above = ""] = match;
    for (const letter of below) add(lowered.get(letter) ?? letter, "lowered");
    if (above) add(above, "raised");
    from = match.index + match[0].length;
  }
  plain(text.slice(from));
  return pieces;
}

/** Sets every text of a drawing that is one line of characters; what is told of it on a screen goes with it. */
export function typeset(drawing: Element, document: Document): void {
  for (const node of Array.from(drawing.querySelectorAll("text"))) {
    for (const told of Array.from(node.querySelectorAll("title"))) told.remove();
    if (Array.from(node.childNodes).some(({ nodeType }) => nodeType !== 3)) continue;
    const pieces = piecesOf(node.textContent ?? "");
    if (pieces.every(({ place }) => place === "line")) continue;
    const size = fontSizeOf(node);
    let height = 0;
    node.replaceChildren(
      ...pieces.map(({ text, place }) => {
        const wanted = place === "raised" ? -rise * size : place === "lowered" ? fall * size : 0;
        const piece = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
        if (wanted !== height) piece.setAttribute("dy", (wanted - height).toFixed(2));
        if (place !== "line") piece.setAttribute("font-size", (scriptSize * size).toFixed(2));
        piece.textContent = text;
        height = wanted;
        return piece;
      }),
    );
  }
}

function fontSizeOf(node: Element): number {
  for (let at: Element | null = node; at; at = at.parentElement) {
    const size = Number.parseFloat(at.getAttribute("font-size") ?? "");
    if (size > 0) return size;
  }
  return 12;
}
