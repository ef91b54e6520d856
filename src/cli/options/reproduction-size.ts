/** Reproductions at the size at which they are trained. */

import { reproductions } from "../../../experiments/registry.ts";
import type { Changes, Reproduction } from "../../../experiments/reproduction.ts";
import type { Size } from "./sizes.ts";

/** A reproduction with the changes to its documents that training makes. */
export type Wanted = Reproduction & { changes?: Readonly<Record<string, Changes>> };

/** Several reproductions share a document: it is trained once, for all of them. */
const shortened: Readonly<Record<string, Changes>> = Object.assign(
  {},
  ...reproductions.map((reproduction) => reproduction.shortened),
) as Record<string, Changes>;

/** Small ones are known to show their claims as well, or others in their place. */
export const ofSize = (reproduction: Reproduction, size: Size): Wanted =>
  size === "full"
    ? reproduction
    : { ...reproduction, changes: shortened, claims: reproduction.shortClaims ?? reproduction.claims };
