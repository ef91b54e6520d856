/** Lines of one level through a grid of numbers, by marching squares. */

/** A piece of a line, in places of the grid: 1.5 is halfway between the columns 1 and 2. */
export interface IsolinePiece {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** @param value of a column and a row; where one is no number, there is no line around it */
export function isolines(
  columns: number,
  rows: number,
  value: (column: number, row: number) => number,
  level: number,
): IsolinePiece[] {
  const pieces: IsolinePiece[] = [];
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const corners = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ] as const;
      const heights = corners.map(([x, y]) => value(x, y) - level);
      if (!heights.every(Number.isFinite)) continue;
      const crossings = corners.flatMap(([x, y], k) => {
        const next = (k + 1) % 4;
        if (heights[k] > 0 === heights[next] > 0) return [];
        const share = heights[k] / (heights[k] - heights[next]);
        return [{ x: x + share * (corners[next][0] - x), y: y + share * (corners[next][1] - y) }];
      });
      const mean = heights.reduce((sum, height) => sum + height, 0) / 4;
      // Of a saddle the middle tells which corners are connected.
      const ordered =
        crossings.length === 4 && mean > 0 === heights[0] > 0
          ? crossings
          : [...crossings.slice(1), ...crossings.slice(0, 1)];
      for (let k = 0; k + 1 < ordered.length; k += 2)
        pieces.push({ x1: ordered[k].x, y1: ordered[k].y, x2: ordered[k + 1].x, y2: ordered[k + 1].y });
    }
  return pieces;
}
