import type { Planner } from "./planner.ts";
import { type Placement, TILE_ROWS, packTiles, tileWords } from "./tiles.ts";

/** Tables are rewritten when the runs left are at most this share of those in them. */
const COMPACT_AT = 0.75;

/** A table that a kernel has asked for. */
interface Asked {
  tiles: GPUBuffer;
  room: number;
  channels: number;
  placements: readonly Placement[];
}

/**
 * The tile tables of a cohort. Runs leave the training table when they have stopped, and the recording tables when
 * their last record is in: what has stopped costs nothing, and nothing is lost.
 */
export class Tables {
  /** Runs still training, packed into tiles of 8 rows. */
  readonly training: GPUBuffer;
  /** The same, one run an entry. */
  readonly trainedRunTiles: GPUBuffer;
  /** The same, cut in the ways that kernels have asked for, by the plan's size that counts their tiles. */
  readonly #asked = new Map<string, Asked>();
  /** Runs still recorded, packed likewise, and one run an entry. */
  readonly recording: GPUBuffer;
  readonly runTiles: GPUBuffer;
  /** Positions in the tables. */
  trained: number[];
  recorded: number[];

  constructor(
    readonly planner: Planner,
    readonly placements: readonly Placement[],
    readonly channels: number,
  ) {
    const bytes = 4 * tileWords(TILE_ROWS) * placements.length;
    this.training = planner.buffer("training tiles", bytes);
    this.trainedRunTiles = planner.buffer("training tiles of one run", bytes);
    this.recording = planner.buffer("recording tiles", bytes);
    this.runTiles = planner.buffer("tiles of one run", bytes);
    this.trained = this.recorded = [...placements.keys()];
    this.#writeTraining();
    this.#writeRecording();
  }

  /** Runs still training, packed into tiles with room for `rows` rows; one such table a plan. */
  largeTiles(rows: number): GPUBuffer {
    return this.#ask("largeTiles", rows, this.channels);
  }

  /** Runs still training, not their rows, in tiles of at most `room`; one such table a plan. */
  tilesOfRuns(room: number): GPUBuffer {
    return this.#ask("tiles_of_runs", room, 1);
  }

  /** The same, whatever their data, which an invocation finds by its run; one such table a plan. */
  groupsOfRuns(room: number): GPUBuffer {
    const nowhere = { data: 0, targets: 0, stream: 0 };
    return this.#ask(
      "groups_of_runs",
      room,
      1,
      this.placements.map(() => nowhere),
    );
  }

  #ask(size: string, room: number, channels: number, placements = this.placements): GPUBuffer {
    const bytes = 4 * tileWords(room) * this.placements.length;
    const tiles = this.planner.buffer(`training tiles of ${room} rows`, bytes);
    this.#asked.set(size, { tiles, room, channels, placements });
    this.#writeTraining();
    return tiles;
  }

  /** Drops runs from the tables once that saves enough; between submits only. */
  compact(stopped: Uint8Array, ended: Uint8Array): void {
    const trained = this.trained.filter((position) => !stopped[position]);
    const recorded = this.recorded.filter((position) => !ended[position]);
    if (trained.length <= COMPACT_AT * this.trained.length) {
      this.trained = trained;
      this.#writeTraining();
    }
    if (recorded.length <= COMPACT_AT * this.recorded.length) {
      this.recorded = recorded;
      this.#writeRecording();
    }
    this.planner.resize();
  }

  /** Leaves only these runs in the training table, once that saves enough; between submits only. */
  compactTraining(trains: (position: number) => boolean): void {
    const left = this.trained.filter(trains);
    if (left.length > COMPACT_AT * this.trained.length) return;
    this.trained = left;
    this.#writeTraining();
    this.planner.resize();
  }

  /** Puts every recorded run back into the training table. */
  refill(): void {
    this.trained = this.recorded;
    this.#writeTraining();
    this.planner.resize();
  }

  #writeTraining(): void {
    this.planner.shape.tiles = this.#write(this.training, this.trained, TILE_ROWS);
    this.planner.shape.trained_run_tiles = this.#write(this.trainedRunTiles, this.trained, this.channels);
    for (const [size, { tiles, room, channels, placements }] of this.#asked)
      this.planner.shape[size] = this.#write(tiles, this.trained, room, room, channels, placements);
    this.planner.shape.rows = this.trained.length * this.channels;
  }

  #writeRecording(): void {
    this.planner.shape.recordedTiles = this.#write(this.recording, this.recorded, TILE_ROWS);
    this.planner.shape.run_tiles = this.#write(this.runTiles, this.recorded, this.channels);
  }

  #write(
    buffer: GPUBuffer,
    positions: readonly number[],
    rows: number,
    room = TILE_ROWS,
    channels = this.channels,
    placements = this.placements,
  ): number {
    const words = packTiles(positions, placements, channels, rows, room);
    if (words.length > 0) this.planner.device.gpu.queue.writeBuffer(buffer, 0, words);
    return words.length / tileWords(room);
  }
}
