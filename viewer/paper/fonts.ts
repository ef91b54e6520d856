/** Inter, fetched when a drawing is to bring it. */

import greekBold from "@fontsource/inter/files/inter-greek-600-normal.woff2?url&no-inline";
import greek from "@fontsource/inter/files/inter-greek-400-normal.woff2?url&no-inline";
import latinBold from "@fontsource/inter/files/inter-latin-600-normal.woff2?url&no-inline";
import latin from "@fontsource/inter/files/inter-latin-400-normal.woff2?url&no-inline";
import bold from "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf?url&no-inline";
import regular from "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf?url&no-inline";
import { decodeBase64, encodeBase64 } from "../figures/base64.ts";

const fetched = new Map<string, Promise<string>>();

/** A file of the page as base64. */
function base64Of(address: string): Promise<string> {
  let text = fetched.get(address);
  if (!text) {
    text = fetch(address).then(async (response) =>
      encodeBase64(new Uint8Array(await response.arrayBuffer())),
    );
    fetched.set(address, text);
  }
  return text;
}

/** The font's parts for the web: letters that drawings hold are Latin, Greek, or signs that come with the Latin ones. */
const faces = [
  { weight: 400, address: latin },
  { weight: 400, address: greek, range: "U+0370-03FF" },
  { weight: 600, address: latinBold },
  { weight: 600, address: greekBold, range: "U+0370-03FF" },
];

/** CSS with the font in it. */
export async function fontStyle({ bold: isBold }: { bold: boolean }): Promise<string> {
  const used = faces.filter(({ weight }) => weight === 400 || isBold);
  const rules = used.map(async ({ weight, address, range }) => {
    const source = `url(data:font/woff2;base64,${await base64Of(address)}) format("woff2")`;
    return `@font-face{font-family:Inter;font-weight:${weight};src:${source}${range ? `;unicode-range:${range}` : ""}}`;
  });
  return (await Promise.all(rules)).join("");
}

let shown: Promise<unknown> | undefined;

/** Has the page itself know the font, from bytes, for it loads none: what it shows and measures is then what is saved. */
export const showFont = (): Promise<unknown> =>
  (shown ??= Promise.all(
    faces.map(async ({ weight, address, range }) => {
      const face = new FontFace("Inter", decodeBase64(await base64Of(address)), {
        weight: String(weight),
        ...(range && { unicodeRange: range }),
      });
      document.fonts.add(face);
      return face.load();
    }),
  ));

/** The whole font as base64, as PDF embeds what it needs of it. */
export const fontFiles = async (): Promise<{ regular: string; bold: string }> => ({
  regular: await base64Of(regular),
  bold: await base64Of(bold),
});
