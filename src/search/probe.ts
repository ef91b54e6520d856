/** A probe: the trials at one value of the searched number. */

export interface Probe {
  value: number;
  /** The quantity at the end of every trial. */
  trials: readonly number[];
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard error of the mean. */
export function standardErrorOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** The probes in the order of their values. */
export const inOrder = (probes: readonly Probe[]): Probe[] => [...probes].sort((a, b) => a.value - b.value);
