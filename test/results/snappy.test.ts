/** Snappy data are expanded where they hold together, and refused in bounded time where they do not. */

import { expect, test } from "vitest";
import { expandSnappy } from "../../src/results/snappy.ts";

const text = "abcabcabcabc";
const literal = (value: string) => [(value.length - 1) << 2, ...Buffer.from(value)];

test.each([
  ["a literal", [12, ...literal(text)]],
  ["a literal whose length has a byte of its own", [12, 60 << 2, 11, ...Buffer.from(text)]],
  ["a literal and a copy of one byte's offset", [12, ...literal("abc"), ((9 - 4) << 2) | 1, 3]],
  ["a literal and a copy of two bytes' offset", [12, ...literal("abc"), ((9 - 1) << 2) | 2, 3, 0]],
])("%s is expanded", (_, bytes) => {
  // hyparquet wants three bytes after a long literal's length.
  expect(Buffer.from(expandSnappy(Uint8Array.from(bytes), 12)).toString()).toBe(text);
});

test.each([
  ["a length below zero, which would be read again for ever", [12, 0xfc, 0xf9, 0xff, 0xff, 0xff, 0, 0, 0]],
  ["a literal past the end", [12, 11 << 2, 0x61]],
  ["a literal without its length", [12, 63 << 2, 1]],
  ["a copy of what is not there", [12, ...literal("abc"), ((9 - 1) << 2) | 2, 4, 0]],
  ["a copy of itself", [12, ...literal("abc"), ((9 - 1) << 2) | 2, 0, 0]],
  ["a copy without its offset", [12, ...literal("abc"), ((9 - 1) << 2) | 2]],
  ["too little", [12, ...literal("abc")]],
  ["too much", [12, ...literal(text), ...literal("d")]],
  ["nothing", []],
])("%s is refused", (_, bytes) => {
  expect(() => expandSnappy(Uint8Array.from(bytes), 12)).toThrow("compressed data of a wrong size");
});
