// Words of an entry of the tile table: data, targets, shuffle stream, rows in use, then the rows (src/plan/tiles.ts).
const TILE = 12u;
