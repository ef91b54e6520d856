/**
 * Tile tables: which runs a workgroup works on. A tile holds up to 8 rows (a row is one channel of one run) of runs
 * that share their data, their targets and their shuffle stream; dropping a stopped run means writing a shorter table.
 */

/** Words of a tile: data, targets, stream, rows in use, 8 rows. */
export const TILE_WORDS = 12;
export const TILE_ROWS = 8;

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
 * @param rows rows a tile may hold: `channels` for a table with an entry a run, else 8
 */
export function packTiles(
  positions: readonly number[],
  placements: readonly Placement[],
  channels: number,
  rows: number,
): Uint32Array<ArrayBuffer> {
  const tiles: number[] = [];
  let open = -1;
  for (const position of positions) {
    const { data, targets, stream } = placements[position]!;
    const fits =
      open >= 0 &&
      tiles[open] === data &&
      tiles[open + 1] === targets &&
      tiles[open + 2] === stream &&
      tiles[open + 3]! + channels <= rows;
    if (!fits) {
      open = tiles.length;
      tiles.push(data, targets, stream, 0);
      for (let row = 0; row < TILE_ROWS; row++) tiles.push(position * channels);
    }
    for (let channel = 0; channel < channels; channel++) {
      const row = position * channels + channel;
      const used = tiles[open + 3]!;
      // The rows not used yet repeat the last one.
      for (let place = used; place < TILE_ROWS; place++) tiles[open + 4 + place] = row;
      tiles[open + 3] = used + 1;
    }
  }
  return Uint32Array.from(tiles);
}
