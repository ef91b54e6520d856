import type { Dataset } from "../data/dataset.ts";

/** A sample's loss of its outputs f with targets y. */
export interface LossKind<Kind extends string = string> {
  readonly kind: Kind;
  /** As the document's schema tells it. */
  readonly formula: string;
  /**
   * The loss, its slopes by the outputs, and of each output a curvature: the loss bends nowhere more than the sum of them times
   * squares of the outputs' changes.
   *
   * @param f [outputs]
   * @param y [outputs]
   */
  sample(
    f: ArrayLike<number>,
    y: ArrayLike<number>,
  ): { value: number; slopes: readonly number[]; curvatures: readonly number[] };
  /** Whether it is more than a sum of losses of one output each: then slopes change with every output. */
  readonly joint: boolean;
  /** The loss bends no more than this in any direction. */
  readonly largestCurvature: number;
  /** The order of the largest slope where |f| and |y| are at most these: none is twice as large. */
  largestSlope(f: number, y: number): number;
  /** Roundings of a slope in float32. */
  roundings(outputs: number): number;
  /** Which targets it takes, where not all: `-1 and +1`. */
  readonly targets?: { readonly allowed: string; allows(y: number): boolean };
  /**
   * The data as networks are trained on them, where targets stand for something else.
   *
   * @throws DocumentError where they cannot
   */
  encode?(dataset: Dataset): Dataset;
}

type Separable<Kind extends string> = Omit<LossKind<Kind>, "sample" | "joint"> & {
  /** Of one output. */
  at(f: number, y: number): { value: number; slope: number; curvature: number };
  /** Of one output, the slope at f less that at f - change, with the digits of a small change. */
  slopeChange(f: number, change: number, y: number): number;
};

/** Declares a loss that is the sum of the outputs' own. */
export const defineLoss = <const Kind extends string>(
  loss: Separable<Kind>,
): LossKind<Kind> & Pick<Separable<Kind>, "at" | "slopeChange"> => ({
  ...loss,
  joint: false,
  sample(f, y) {
    const all = Array.from(f, (value, output) => loss.at(value, y[output]));
    return {
      value: all.reduce((sum, { value }) => sum + value, 0),
      slopes: all.map(({ slope }) => slope),
      curvatures: all.map(({ curvature }) => curvature),
    };
  },
});

/** Declares a loss of all outputs together. */
export const defineJointLoss = <const Kind extends string>(
  loss: Omit<LossKind<Kind>, "joint">,
): LossKind<Kind> => ({ ...loss, joint: true });
