import { DocumentError } from "../document/error.ts";
import type { Member } from "../plan/cohort.ts";

/** One layer of a run's initial weights. */
export interface StartLayer {
  /** What a line for the user calls it. */
  name: string;
  weights: Float64Array;
  /** Whether it has a gradient where it is zero and no other layer is. */
  escapes: boolean;
}

/** Layers whose weights are all 0: only files can have them. */
function zeroLayers({ run: { init } }: Member, layers: readonly StartLayer[]) {
  if (typeof init.shape !== "object" || !("file" in init.shape)) return undefined;
  const zero = layers.filter(({ weights }) => weights.every((value) => value === 0));
  if (zero.length === 0) return undefined;
  const names = zero.map(({ name }) => name);
  const listed = [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");
  return { file: init.shape.file, listed, trains: zero.length === 1 && zero[0].escapes };
}

/**
 * A gradient is a product of all other layers: two that are zero keep each other there.
 *
 * @throws DocumentError naming the layers that keep every gradient at 0
 */
export function checkZeroLayers(member: Member, layers: readonly StartLayer[]): void {
  const zero = zeroLayers(member, layers);
  if (zero && !zero.trains)
    throw new DocumentError(
      zero.file,
      `holds zeros alone for ${zero.listed}: so every gradient is 0, and nothing trains`,
    );
}

/** Tells of a layer that starts at zero, where others wait until it has moved. */
export function zeroLayerWarning(member: Member, layers: readonly StartLayer[]): string | undefined {
  const zero = layers.length > 1 && member.run.train.layers !== "last" && zeroLayers(member, layers);
  if (!zero) return undefined;
  return (
    `${zero.file} holds zeros alone for ${zero.listed}: the other weights have no gradient until these have moved, ` +
    "and the tangent kernel at w(0) is that of these alone"
  );
}
