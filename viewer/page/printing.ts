/** Told to figures that nobody has scrolled to, and which the page may have forgotten by then. */
export const printing = "alphasweep-print";

/** Has every figure drawn before the page is printed. */
export function drawForPrint(): void {
  for (const node of document.querySelectorAll("section.figure")) node.dispatchEvent(new Event(printing));
}
