/** A sample's loss of one output f with target y. */
export interface LossKind<Kind extends string = string> {
  readonly kind: Kind;
  /** As formulas name it. */
  readonly formula: string;
  /** The loss, its slope and its curvature: first and second derivative by f. */
  at(f: number, y: number): { value: number; slope: number; curvature: number };
  /** No curvature is larger. */
  readonly largestCurvature: number;
  /** The order of the largest slope where |f| and |y| are at most these: none is twice as large. */
  largestSlope(f: number, y: number): number;
  /** Which targets it takes, where not all: `-1 and +1`. */
  readonly targets?: { readonly allowed: string; allows(y: number): boolean };
}

/** Declares a loss. */
export const defineLoss = <const Kind extends string>(loss: LossKind<Kind>): LossKind<Kind> => loss;
