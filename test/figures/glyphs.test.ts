/** Signs in drawings: a PNG is made with one font, and what that has not is an empty box. */

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { jsPDF } from "jspdf";
import { expect, test } from "vitest";
import { catalogue } from "../../src/quantities/catalogue.ts";
import { figures } from "../../viewer/figures/registry.ts";

const outputs = new URL("output/", import.meta.url);

/** The characters that Inter has, as jsPDF reads its file. */
function charactersOfInter(): Set<number> {
  const file = createRequire(import.meta.url).resolve(
    "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  );
  const pdf = new jsPDF();
  pdf.addFileToVFS("Inter.ttf", readFileSync(file).toString("base64"));
  pdf.addFont("Inter.ttf", "Inter", "normal");
  pdf.setFont("Inter");
  const { metadata } = pdf.getFont() as unknown as {
    metadata: { cmap: { unicode: { codeMap: Record<string, number> } } };
  };
  return new Set(Object.keys(metadata.cmap.unicode.codeMap).map(Number));
}

test("every sign of axes, titles and snapshots is in the font that pictures are made with", () => {
  const known = charactersOfInter();
  expect(known.has("α".codePointAt(0)!)).toBe(true);
  const drawn = readdirSync(outputs)
    .filter((name) => name.endsWith(".svg"))
    .flatMap((name) =>
      Array.from(
        readFileSync(new URL(name, outputs), "utf8").matchAll(/<text[^>]*>([^<]*)/g),
        ([, text]) => text,
      ),
    );
  const texts = [
    ...drawn,
    ...Object.values(catalogue).map(({ symbol }) => symbol),
    ...figures.map(({ title }) => title),
  ];
  const missing = texts.filter((text) =>
    [...text].some((sign) => sign.codePointAt(0)! > 0x7e && !known.has(sign.codePointAt(0)!)),
  );
  expect([...new Set(missing)]).toEqual([]);
});
