/**
 * Tile tables: which runs a workgroup works on. A tile holds some rows (a row is one channel of one run) of runs that
 * share their data, their targets and their shuffle stream; dropping a stopped run means writing a shorter table.
 */

/** Rows that a tile has room for, where a kernel does not ask for another number. */
export const TILE_ROWS = 8;

/** Words of a tile with room for so many rows: data, targets, stream, rows in use, the rows. */
export const tileWords = (room: number): number => 4 + room;

export const TILE_WORDS = tileWords(TILE_ROWS);

/** Where a run's data lie. */
export interface Placement {
  data: number;
  targets: number;
  stream: number;
}

/**
 * Packs runs into tiles, in the order given.
 *
 * @param positions the runs' places in the cohort
 * @param channels rows a run
 * @param rows rows a tile may hold: `channels` for a table with an entry a run, else `room`
 * @param room rows that a tile has room for
 */
export function packTiles(
  positions: readonly number[],
  placements: readonly Placement[],
  channels: number,
  rows: number,
  room = TILE_ROWS,
): Uint32Array<ArrayBuffer> {
  const tiles: number[] = [];
  let open = -1;
  for (const position of positions) {
    const { data, targets, stream } = placements[position];
    const fits =
      open >= 0 &&
      tiles[open] === data &&
      tiles[open + 1] === targets &&
      tiles[open + 2] === stream &&
      tiles[open + 3] + channels <= rows;
    if (!fits) {
      open = tiles.length;
      tiles.push(data, targets, stream, 0);
      for (let row = 0; row < room; row++) tiles.push(position * channels);
    }
    for (let channel = 0; channel < channels; channel++) {
      const row = position * channels + channel;
      const used = tiles[open + 3];
      // The rows not used yet repeat the last one.
      for (let place = used; place < room; place++) tiles[open + 4 + place] = row;
      tiles[open + 3] = used + 1;
    }
  }
  return Uint32Array.from(tiles);
}

/** The most runs that share their data, their targets and their shuffle stream. */
export function mostSharing(placements: readonly Placement[]): number {
  const counts = new Map<string, number>();
  for (const { data, targets, stream } of placements) {
    const key = `${data} ${targets} ${stream}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}
