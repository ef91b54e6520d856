import { createHash } from "node:crypto";
import type { Member } from "../../plan/cohort.ts";

/** What runs were trained on: the SHA-256 of all their numbers, each data set once, in the order of the runs. */
export function dataDigest(members: readonly Pick<Member, "dataset">[]): string {
  const hash = createHash("sha256");
  for (const { samples, inputs, outputs, testSamples, X, y, testX, testY } of new Set(
    members.map(({ dataset }) => dataset),
  )) {
    hash.update(JSON.stringify([samples, inputs, outputs, testSamples]));
    for (const numbers of [X, y, testX, testY])
      hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
  return hash.digest("hex");
}
