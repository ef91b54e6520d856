import type { LossKind } from "./loss.ts";
import { crossEntropy } from "./cross-entropy/cross-entropy.ts";
import { logistic } from "./logistic/logistic.ts";
import { squared } from "./squared/squared.ts";

/**
 * Every loss, the default first: a folder, a line here and one in losses.wgsl, which knows a loss by its place; one of all outputs
 * together in shaders/relu_output.wgsl instead.
 */
export const lossKinds = [squared, logistic, crossEntropy] as const;

/** The loss that a document names. */
export const lossOf = ({ kind }: { kind: (typeof lossKinds)[number]["kind"] }): LossKind =>
  lossKinds.find((loss) => loss.kind === kind)!;

/** Its place: the constant LOSS of kernels that take losses. */
export const placeOfLoss = ({ kind }: { kind: string }): number =>
  lossKinds.findIndex((loss) => loss.kind === kind);

const placesOf = (joint: boolean): number[] =>
  lossKinds.flatMap((loss, place) => (loss.joint && !joint ? [] : [place]));

/** The places of all of them, and of those that are sums of the outputs' own, for records of kernels. */
export const lossPlaces: readonly number[] = placesOf(true);
export const separableLossPlaces: readonly number[] = placesOf(false);

/** A loss that is the sum of the outputs' own, of one output. */
export const lossOfOutput = ({ kind }: { kind: (typeof lossKinds)[number]["kind"] }) => {
  if (kind === "cross-entropy") throw new Error("cross-entropy is a loss of all outputs together");
  return kind === "logistic" ? logistic : squared;
};
