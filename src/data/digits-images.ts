import { inflate } from "pako";
import { digitsFile } from "./digits-file.ts";
import content from "./digits.txt?raw";
import type { Files } from "./kind.ts";

/** Pixels 0 to 16, [images, 8, 8], then the labels: bytes; in the file gzipped, in base64. */
export const digitsImages = (): Files =>
  new Map([[digitsFile, inflate(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)))]]);
