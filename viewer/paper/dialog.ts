/** Asks how a figure is to go into a paper, shows it so, and saves it with its caption and its sources. */

import type { Results } from "../../src/results/types.ts";
import type { Controls, Figure, Settings } from "../figures/figure.ts";
import { button, element } from "../page/element.ts";
import { savePng, saveFile } from "../page/download.ts";
import { bibtex } from "./bibliography.ts";
import { captionOf, sourcesOf, versionOf } from "./caption.ts";
import { type ColumnWidth, columnWidths, paperDrawing, unitsPerInch } from "./drawing.ts";
import { fontStyle, showFont } from "./fonts.ts";

/** Of a PNG; what journals ask of drawings with lines. */
const dotsPerInch = 600;

export function openPaperDialog(figure: Figure, results: Results, settings: Settings<Controls>): void {
  const column = element(
    "select",
    { id: "paper-column" },
    ...Object.entries(columnWidths).map(([name, inches]) =>
      element("option", { value: name }, `${name} column, ${inches} in`),
    ),
  );
  const title = element("input", { type: "checkbox", id: "paper-title" });
  const preview = element("div", { class: "paper-preview" });
  const message = element("p", { class: "message", role: "status" });
  const name = `${results.manifest.name} ${figure.id}`;

  const drawn = (style?: string) =>
    paperDrawing(figure, results, settings, {
      document,
      column: column.value as ColumnWidth,
      title: title.checked,
      ...(style !== undefined && { style }),
    });
  const withFont = async () => drawn(await fontStyle({ bold: title.checked }));
  const show = () => {
    const { svg } = drawn();
    const node = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    preview.replaceChildren(document.importNode(node, true));
  };
  const save: Record<string, () => Promise<void>> = {
    SVG: async () => saveFile(name, "svg", new Blob([(await withFont()).svg], { type: "image/svg+xml" })),
    PNG: async () => savePng(name, (await withFont()).svg, dotsPerInch / unitsPerInch),
    PDF: async () => {
      const { pdfOf } = await import("./pdf.ts");
      saveFile(name, "pdf", await pdfOf(drawn()));
    },
  };
  const saveAs = async (format: string) => {
    message.textContent = `Writing the ${format} …`;
    try {
      await save[format]();
      message.textContent = `The ${format} is written.`;
    } catch (error) {
      message.textContent = `The ${format} could not be written: ${(error as Error).message}`;
    }
  };
  const dialog = element(
    "dialog",
    { class: "paper", "aria-labelledby": "paper-heading" },
    element(
      "div",
      { class: "row" },
      element("h2", { id: "paper-heading" }, "For a paper"),
      button("Close", {}, () => dialog.close()),
    ),
    element(
      "div",
      { class: "row" },
      element("label", { for: "paper-column" }, "Width"),
      column,
      element(
        "div",
        { class: "control" },
        title,
        element("label", { for: "paper-title" }, "title in the drawing"),
      ),
      ...Object.keys(save).map((format) =>
        button(format, { "aria-label": `Save as ${format}` }, () => void saveAs(format)),
      ),
    ),
    preview,
    ...textField("paper-caption", "Caption", captionOf(figure, results), message),
    ...textField(
      "paper-sources",
      "BibTeX of the sources",
      bibtex(sourcesOf(figure, results), versionOf(results.manifest)),
      message,
    ),
    message,
  );
  for (const control of [column, title]) control.addEventListener("change", show);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  void showFont();
  show();
  dialog.showModal();
}

/** A text that is there to be copied. */
function textField(id: string, label: string, text: string, message: HTMLElement): Node[] {
  const field = element("textarea", { id, readonly: true, rows: 7 }, text);
  const copy = async () => {
    field.select();
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    message.textContent = copied ? `${label} copied.` : "Not copied: the text is selected.";
  };
  return [
    element(
      "div",
      { class: "row" },
      element("label", { for: id }, label),
      button("Copy", { "aria-label": `Copy ${label}` }, () => void copy()),
    ),
    field,
  ];
}
