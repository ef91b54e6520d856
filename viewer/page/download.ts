/** Files that the page makes for the user; nothing leaves the machine. */

import type { Table } from "../../src/document/table.ts";
import { csvOf } from "./csv.ts";

/** Pixels of a PNG to a pixel of the drawing. */
const pixelsPerUnit = 2;

/** Characters that some file system refuses, and leading dots, which hide files. */
const unsafe = /[\u0000-\u001f<>:"/\\|?*]+|^\.+/g;

/** @param name the file's name, without its ending */
export function saveFile(name: string, ending: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = `${name.replace(unsafe, "-")}.${ending}`;
  link.click();
  // The browser reads the object after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export const saveCsv = (name: string, table: Table): void =>
  saveFile(name, "csv", new Blob([csvOf(table)], { type: "text/csv;charset=utf-8" }));

export const saveJson = (name: string, value: unknown): void =>
  saveFile(name, "json", new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: "application/json" }));

export const saveZip = (name: string, archive: Uint8Array<ArrayBuffer>): void =>
  saveFile(name, "zip", new Blob([archive], { type: "application/zip" }));

export const saveSvg = (name: string, svg: string): void =>
  saveFile(name, "svg", new Blob([svg], { type: "image/svg+xml" }));

/** @param scale pixels to a pixel of the drawing */
export async function savePng(name: string, svg: string, scale = pixelsPerUnit): Promise<void> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob) saveFile(name, "png", blob);
  } finally {
    URL.revokeObjectURL(address);
  }
}
