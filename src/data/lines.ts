/**
 * Straight lines from point to point, the outer ones going on.
 *
 * @param points at least two, by increasing x
 */
export const linesThrough =
  (points: readonly (readonly [number, number])[]) =>
  (x: number): number => {
    const right = points.findIndex(([place]) => place >= x);
    const piece = right < 0 ? points.length - 2 : Math.max(0, right - 1);
    const [[from, low], [to, high]] = [points[piece], points[piece + 1]];
    return low + ((high - low) / (to - from)) * (x - from);
  };
