/** An SVG as text: well-formed XML whatever the names in it, and the same on every machine. */

/** Attributes whose numbers are lengths in pixels; a hundredth of one cannot be seen. */
const geometry = new Set(
  "d transform points x y x1 x2 y1 y2 cx cy r rx ry dx dy width height viewBox".split(" "),
);

/** Characters that XML 1.0 has no way to write. */
const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escape = (text: string): string =>
  text.replace(forbidden, "\ufffd").replace(/[&<>"]/g, (character) => escapes[character]);

const round = (text: string): string =>
  text.replace(/-?\d+\.\d{3,}(?:e[-+]?\d+)?/g, (digits) => String(Number(Number(digits).toFixed(2))));

/** The element and all in it as XML, with the SVG namespace declared on it. */
export const serialize = (svg: Element): string => write(svg, ' xmlns="http://www.w3.org/2000/svg"');

function write(node: Node, declaration = ""): string {
  if (node.nodeType === 3) return escape(node.nodeValue ?? "");
  if (node.nodeType !== 1) return "";
  const element = node as Element;
  // By name, and by sibling: where figures are drawn in Node, lists of attributes and of children are made anew at each look.
  const attributes = element
    .getAttributeNames()
    .filter((name) => !name.startsWith("xmlns"))
    .sort()
    .map((name) => {
      const value = element.getAttribute(name)!;
      return ` ${name}="${escape(geometry.has(name) ? round(value) : value)}"`;
    })
    .join("");
  const tag = element.localName;
  let children = "";
  for (let child = element.firstChild; child; child = child.nextSibling) children += write(child);
  const open = `<${tag}${declaration}${attributes}`;
  return children === "" ? `${open}/>` : `${open}>${children}</${tag}>`;
}
