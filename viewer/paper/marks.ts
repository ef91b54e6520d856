/** Bars and tildes over letters as signs of their own, set where they belong: PDF's texts know no combining marks. */

/** Of a letter's em, how much higher a sign is over a tall one. */
const overTall = 0.2;
const signs: Record<string, string> = { "\u0303": "˜", "\u0304": "¯" };
const marked = /(.)([\u0303\u0304])/u;

/** @param widthOf a text, in ems of the drawing's font */
export function setMarks(drawing: Element, widthOf: (text: string) => number): void {
  for (const node of Array.from(drawing.querySelectorAll("text, tspan")))
    if (node.children.length === 0 && marked.test(node.textContent ?? "")) setIn(node, widthOf);
}

function setIn(node: Element, widthOf: (text: string) => number): void {
  const text = node.textContent;
  const pieces: Element[] = [];
  /** Where the next piece begins, from where the last one ends. */
  let [dx, dy] = [0, 0];
  const add = (part: string) => {
    const piece = node.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "tspan");
    if (dx !== 0) piece.setAttribute("dx", `${dx.toFixed(3)}em`);
    if (dy !== 0) piece.setAttribute("dy", `${dy}em`);
    piece.textContent = part;
    pieces.push(piece);
    [dx, dy] = [0, 0];
  };
  let rest = text;
  for (let match = marked.exec(rest); match; match = marked.exec(rest)) {
    const [whole, letter, mark] = match;
    const [letterWidth, signWidth] = [widthOf(letter), widthOf(signs[mark])];
    const height = /[a-z]/.test(letter) && !/[bdfhklt]/.test(letter) ? 0 : overTall;
    add(rest.slice(0, match.index) + letter);
    [dx, dy] = [-(letterWidth + signWidth) / 2, -height];
    add(signs[mark]);
    [dx, dy] = [(letterWidth - signWidth) / 2, height];
    rest = rest.slice(match.index + whole.length);
  }
  if (rest !== "") add(rest);
  if (node.localName === "text") return node.replaceChildren(...pieces);
  // A part of a text: what is said of it holds for its first piece, its size for all.
  for (const { name, value } of Array.from(node.attributes))
    for (const piece of name === "dx" || name === "dy" ? pieces.slice(0, 1) : pieces)
      if (!piece.hasAttribute(name)) piece.setAttribute(name, value);
  node.replaceWith(...pieces);
}
