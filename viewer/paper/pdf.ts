/** A drawing as a page of its own size, in PDF: what is a line there is a line here, and text is text. */

import { jsPDF } from "jspdf";
import { svg2pdf } from "svg2pdf.js";
import type { PaperDrawing } from "./drawing.ts";
import { fontFiles, showFont } from "./fonts.ts";
import { setMarks } from "./marks.ts";

const pointsPerInch = 72;

/** @param drawing without a style of its own */
export async function pdfOf({ svg, width, height }: PaperDrawing): Promise<Blob> {
  const [fonts] = await Promise.all([fontFiles(), showFont()]);
  const size = [width * pointsPerInch, height * pointsPerInch];
  const pdf = new jsPDF({
    unit: "pt",
    format: size,
    orientation: width > height ? "landscape" : "portrait",
    // Publishers refuse fonts that are named and not embedded.
    putOnlyUsedFonts: true,
  });
  for (const [weight, base64] of [
    [400, fonts.regular],
    [600, fonts.bold],
  ] as const) {
    pdf.addFileToVFS(`Inter-${weight}.ttf`, base64);
    pdf.addFont(`Inter-${weight}.ttf`, "Inter", "normal", weight);
  }
  const node = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  // Its texts are measured where they are drawn.
  const holder = document.createElement("div");
  holder.className = "spoken";
  holder.setAttribute("aria-hidden", "true");
  holder.append(document.importNode(node, true));
  setMarks(holder, widthInEms);
  document.body.append(holder);
  try {
    await svg2pdf(holder.firstElementChild!, pdf, { x: 0, y: 0, width: size[0], height: size[1] });
  } finally {
    holder.remove();
  }
  return new Blob([withCharacterCollection(pdf.output())], { type: "application/pdf" });
}

function widthInEms(text: string): number {
  const context = document.createElement("canvas").getContext("2d")!;
  context.font = "100px Inter";
  return context.measureText(text).width / 100;
}

/** Of the embedded fonts, jsPDF names the encoding where their characters' collection belongs. Places in the file stay as they are. */
function withCharacterCollection(pdf: string): Uint8Array<ArrayBuffer> {
  const named = pdf.replaceAll("/Ordering (Identity-H)", "/Ordering (Identity)  ");
  return Uint8Array.from(named, (byte) => byte.charCodeAt(0));
}
