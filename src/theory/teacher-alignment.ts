import { l2Norm } from "./norms.ts";

/** Units a_j [b_j . x]+ of one hidden layer. */
export interface Units {
  /** b_j, [units, inputs] row-major. */
  incoming: ArrayLike<number>;
  /** a_j, [units]. */
  outgoing: ArrayLike<number>;
}

/** How student units stand to their teachers, all weighted by |a||b|, the part that a unit has in the function. */
export interface TeacherAlignment {
  /** Mean over units of the cosine to the nearest teacher of equal sign (0 where there is none): 1 if all have found one. */
  alignment: number;
  /** sum |a||b|. */
  mass: number;
}

/**
 * @param units what has been trained
 * @param teachers whose function they learn, of as many inputs
 * @throws RangeError for lengths that do not fit
 * @source the picture: Chizat et al. 2019, Figure 1
 */
export function teacherAlignment(units: Units, teachers: Units): TeacherAlignment {
  const inputs = units.incoming.length / units.outgoing.length;
  if (!Number.isInteger(inputs) || teachers.incoming.length !== inputs * teachers.outgoing.length)
    throw new RangeError(
      `${units.incoming.length} weights of ${units.outgoing.length} units and ${teachers.incoming.length} of ` +
        `${teachers.outgoing.length} teachers have no number of inputs in common`,
    );
  let [aligned, mass] = [0, 0];
  for (let j = 0; j < units.outgoing.length; j++) {
    const b = vectorOf(units, j, inputs);
    const weight = Math.abs(units.outgoing[j]) * l2Norm(b);
    if (weight === 0) continue;
    let nearest = -Infinity;
    for (let k = 0; k < teachers.outgoing.length; k++)
      if (units.outgoing[j] * teachers.outgoing[k] > 0)
        nearest = Math.max(nearest, cosine(b, vectorOf(teachers, k, inputs)));
    aligned += weight * (nearest === -Infinity ? 0 : nearest);
    mass += weight;
  }
  return { alignment: mass === 0 ? 0 : aligned / mass, mass };
}

/** Mean angle in degrees by which incoming weights have turned, weighted by |a||b| at the end. */
export function meanTurn(start: Units, end: Units): number {
  const inputs = end.incoming.length / end.outgoing.length;
  let [turned, mass] = [0, 0];
  for (let j = 0; j < end.outgoing.length; j++) {
    const b = vectorOf(end, j, inputs);
    const weight = Math.abs(end.outgoing[j]) * l2Norm(b);
    if (weight === 0) continue;
    turned += weight * Math.acos(Math.max(-1, Math.min(1, cosine(vectorOf(start, j, inputs), b))));
    mass += weight;
  }
  return mass === 0 ? 0 : (180 / Math.PI) * (turned / mass);
}

const vectorOf = ({ incoming }: Units, unit: number, inputs: number) =>
  Float64Array.from({ length: inputs }, (_, i) => incoming[unit * inputs + i]);

const cosine = (left: Float64Array, right: Float64Array) =>
  left.reduce((sum, value, i) => sum + value * right[i], 0) / (l2Norm(left) * l2Norm(right));
