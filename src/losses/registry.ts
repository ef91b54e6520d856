import type { LossKind } from "./loss.ts";
import { logistic } from "./logistic/logistic.ts";
import { squared } from "./squared/squared.ts";

/** Every loss, the default first: a folder, a line here and one in losses.wgsl, which knows a loss by its place. */
export const lossKinds = [squared, logistic] as const;

/** The loss that a document names. */
export const lossOf = ({ kind }: { kind: (typeof lossKinds)[number]["kind"] }): LossKind =>
  lossKinds.find((loss) => loss.kind === kind)!;

/** Its place: the constant LOSS of kernels that take losses. */
export const placeOfLoss = ({ kind }: { kind: string }): number =>
  lossKinds.findIndex((loss) => loss.kind === kind);

/** The places of all of them, for records of kernels. */
export const lossPlaces: readonly number[] = [...lossKinds.keys()];
