/**
 * The text of UTF-8 bytes, without a byte order mark.
 *
 * @returns undefined where they are none: read all the same, they would be text with U+FFFD in many places
 */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first line of bytes, counted from 1, that is not UTF-8: no character of several bytes holds a line end. */
export function lineNotUtf8(bytes: Uint8Array): number {
  for (let line = 1, at = 0; ; line++) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0 || utf8Text(bytes.subarray(at, end)) === undefined) return line;
    at = end + 1;
  }
}
