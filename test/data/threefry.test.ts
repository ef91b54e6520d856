import { expect, test } from "vitest";
import { threefry2x32 } from "../../src/data/threefry.ts";

/** Random123 1.14, tests/kat_vectors, "threefry2x32 20": counter, key, result. */
const published = [
  ["00000000 00000000", "00000000 00000000", "6b200159 99ba4efe"],
  ["ffffffff ffffffff", "ffffffff ffffffff", "1cb996fc bb002be7"],
  ["243f6a88 85a308d3", "13198a2e 03707344", "c4923a9c 483df7a0"],
];

const words = (hex: string): number[] => hex.split(" ").map((word) => parseInt(word, 16));

function encrypted(key: number[], counter: number[]): string {
  const block = new Uint32Array(2);
  threefry2x32(key[0], key[1], counter[0], counter[1], block);
  return Array.from(block, (word) => word.toString(16).padStart(8, "0")).join(" ");
}

for (const [counter, key, result] of published) {
  test(`threefry of counter ${counter} under key ${key} is the published ${result}`, () => {
    expect(encrypted(words(key), words(counter))).toBe(result);
  });
}

test("threefry takes its words modulo 2^32, up to 2^53", () => {
  const wrapped = encrypted([7, 9], [11, 13]);
  const turn = 2 ** 32;
  expect(encrypted([7 + turn, 9 - turn], [11 + 5 * turn, 13 + (2 ** 21 - 1) * turn])).toBe(wrapped);
});
