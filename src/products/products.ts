/** Families of products: what one shader's hooks say is multiplied, by each skeleton of this folder that suits it. */

import type { Choice, Variant } from "../wgsl/choice.ts";
import {
  type Kernel,
  type KernelDefinition,
  type Overrides,
  type Shape,
  ceilDiv,
  defineKernel,
} from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import { modulesOf } from "../wgsl/modules.ts";

/** The skeletons, and what they are made of. */
export const productModules = modulesOf(
  import.meta.glob<string>("./*.wgsl", { query: "?raw", import: "default", eager: true }),
  "products",
);

/** Rows and columns that an invocation holds in registers (src/products/block.wgsl). */
export interface Block {
  rows: number;
  columns: number;
}

/** What a family's products share, however they are tiled. */
export interface Family extends Omit<KernelDefinition, "entry" | "skeleton" | "features" | "grid"> {
  /** Rows and columns of a product, and products, of one dispatch. */
  extent(shape: Shape, overrides: Overrides): [rows: number, columns: number, products: number];
  /** The largest blocks of the tiled skeleton, and of quads. */
  tiled: Block;
  quads: Block;
  /** What is taken on hardware, where threads need registers of their own, in place of the largest blocks. */
  small?: Block;
  /** Lanes of a tiled workgroup that may be tried. */
  lanes?: readonly number[];
  /** Lanes of a tiled workgroup take turns at the terms, for one block, in place of columns each (src/products/split.wgsl). */
  split?: boolean;
  /** The most rows that may wait in workgroup memory, for columns an invocation each (src/products/staged.wgsl). */
  staged?: number;
  /** Entries are sums of products of two sums (src/products/hadamard.wgsl). */
  hadamard?: boolean;
  /** Terms that a turn of the quads' loop takes, where carrying sums around it costs as much as products. */
  terms?: number;
  /**
   * Columns slide a window of three terms over what they multiply (src/products/windows.wgsl): how many a row of an image has, and the
   * largest blocks.
   */
  windows?: { stretch(shape: Shape): number; block: Block };
  /** Columns slide a window of three over terms beside each other (src/products/strips.wgsl): the largest blocks. */
  strips?: Block;
  /** Modules that load what columns meet number by number, and four at a time, where the shader itself does not. */
  loads?: { alone: string; fours: string };
  /** Columns may come in whole fours (src/products/fours.wgsl): the largest blocks. */
  fours?: Block | undefined;
  /** A shader of its own for columns in whole vectors, in blocks of 16 rows (src/products/vectors.wgsl). */
  vectors?: { file: string; code: string };
}

/** A family by its skeletons. */
export interface Products {
  family: Family;
  /** One entry an invocation: the oracle. */
  plain: Kernel;
  /** A block of entries an invocation, or where lanes take turns a workgroup. */
  tiled: Kernel;
  /** A block of entries an invocation, where four neighbours trade rows. */
  quads: Kernel;
  /** The same, where four numbers are loaded at a time. */
  vectors: Kernel | undefined;
  /** The same, where those of four columns are. */
  fours: Kernel | undefined;
  /** A column an invocation, rows in workgroup memory. */
  staged: Kernel | undefined;
  /** Columns beside each other, which share what they load. */
  windows: Kernel | undefined;
  /** Columns that share what they meet at terms beside each other. */
  strips: Kernel | undefined;
}

const LANES = [4, 8, 16, 32];
const QUAD_LANES = [4, 8, 32];
/** Terms of a row of a window, where columns slide one. */
export const WINDOW = 3;
/** The most positions beside each other that a turn of a loop takes, where terms are some. */
export const POSITIONS = 6;
const STAGED_LANES = [64, 128];

/** The most, and the least, of what is worked out from the sizes of a product (`choiceOf`). */
const upTo = (most: number, least = 1) => [...new Set([most, least])];

/** Blocks of so many columns of every row of images that have `stretch` of them. */
const blocksOf = (columns: number, stretch: number, own: number): number =>
  (columns / stretch) * ceilDiv(stretch, own);

/** A family's kernels. */
export function defineProducts(family: Family): Products {
  const { extent, tiled, quads, lanes = LANES, split = false, hadamard = false, vectors } = family;
  const { staged, loads, fours, windows, strips } = family;
  const define = (
    skeleton: string,
    overrides: Kernel["overrides"],
    /** Rows and columns of a workgroup. */
    block: (own: Block & { lanes: number }) => Block,
    features: readonly GPUFeatureName[] = [],
    source?: Family["vectors"],
  ): Kernel =>
    defineKernel({
      ...family,
      ...source,
      modules: [productModules, ...(family.modules ?? [])],
      skeleton: [
        ...(skeleton === "plain"
          ? [hadamard ? "hadamard_plain" : "plain"]
          : skeleton === "windows" || skeleton === "strips"
            ? [skeleton]
            : [skeleton, hadamard ? "hadamard" : "single"]),
        ...(loads ? [skeleton === "fours" ? loads.fours : loads.alone] : []),
      ],
      features,
      overrides: { ...overrides, ...family.overrides },
      constants: ["ROWS", "COLUMNS", "WINDOW", "POSITIONS"].filter((name) => name in overrides),
      grid: (shape, given) => {
        const { LANES, ROWS = 1, COLUMNS = 1 } = given;
        const [rows, all, products] = extent(shape, given);
        const columns =
          skeleton === "windows" ? blocksOf(all, windows!.stretch(shape), Number(COLUMNS)) : all;
        const own = block({ lanes: Number(LANES), rows: Number(ROWS), columns: Number(COLUMNS) });
        return [ceilDiv(columns, own.columns), ceilDiv(rows, own.rows), products];
      },
    });
  const across = ({ lanes, rows, columns }: Block & { lanes: number }) => ({
    rows,
    columns: lanes * columns,
  });
  return {
    family,
    plain: define("plain", { LANES: [64, 4], ROWS: [1, 8] }, across),
    tiled: define(
      split ? "split" : "tiled",
      { LANES: lanes, ROWS: upTo(tiled.rows), COLUMNS: upTo(tiled.columns) },
      split ? (own) => own : across,
    ),
    quads: define(
      "quads",
      {
        LANES: QUAD_LANES,
        ROWS: upTo(quads.rows, 4),
        COLUMNS: upTo(quads.columns),
        TERMS: [1, 2, 3, 4],
      },
      across,
      ["subgroups"],
    ),
    vectors:
      vectors &&
      define(
        "vectors",
        { LANES: QUAD_LANES, ROWS: [16], COLUMNS: [4], TERMS: [1, 2, 3, 4] },
        across,
        ["subgroups"],
        vectors,
      ),
    fours:
      fours &&
      define(
        "fours",
        {
          LANES: QUAD_LANES,
          ROWS: upTo(fours.rows, 4),
          COLUMNS: upTo(fours.columns, 4),
          TERMS: [1],
        },
        across,
        ["subgroups"],
      ),
    staged:
      staged === undefined
        ? undefined
        : define("staged", { LANES: STAGED_LANES, ROWS: upTo(staged), COLUMNS: [1] }, across),
    windows:
      windows &&
      define(
        "windows",
        {
          LANES: QUAD_LANES,
          ROWS: upTo(windows.block.rows, 4),
          COLUMNS: upTo(windows.block.columns),
          WINDOW: [WINDOW],
        },
        ({ lanes, rows }) => ({ rows, columns: lanes }),
        ["subgroups"],
      ),
    strips:
      strips &&
      define(
        "strips",
        {
          LANES: QUAD_LANES,
          ROWS: upTo(strips.rows, 4),
          COLUMNS: upTo(strips.columns, WINDOW),
          POSITIONS: upTo(POSITIONS),
        },
        across,
        ["subgroups"],
      ),
  };
}

/** As few parts of at most `most` as cover `size`, evenly filled: the size of one. */
const evenly = (size: number, most: number): number => ceilDiv(size, ceilDiv(size, most));

/** Rows of a block: in groups of four, but for a single one. */
export const rowsOf = (rows: number, most: number): number =>
  rows === 1 ? 1 : 4 * evenly(ceilDiv(rows, 4), most / 4);

/**
 * Ways to make products of `rows` × `columns`, each a sum of `terms` terms: plainly, in the largest blocks that fit, in small
 * ones, in quads.
 *
 * @param inVectors whether what lies beside each other comes in whole fours
 * @param inFours whether what columns meet does
 * @param stretch of columns that slide a window: how many a row of an image has
 * @param strip of columns that slide one over terms: how many terms lie beside each other
 */
export function choiceOf(
  { family, plain, tiled, quads, vectors, fours, staged, windows, strips }: Products,
  {
    rows,
    columns,
    terms = Infinity,
    inVectors = columns % 4 === 0,
    inFours = false,
    stretch,
    strip,
  }: Block & {
    terms?: number;
    inVectors?: boolean;
    inFours?: boolean;
    stretch?: number | undefined;
    strip?: number | undefined;
  },
  tiling: Tiling,
): Choice {
  const { lanes = LANES, small, split } = family;
  const one: Variant = { kernel: plain, overrides: { LANES: 64, ROWS: 1 } };
  const large = (LANES: number): Variant => ({
    kernel: tiled,
    overrides: {
      LANES,
      ROWS: rowsOf(rows, family.tiled.rows),
      COLUMNS: evenly(split ? columns : ceilDiv(columns, LANES), family.tiled.columns),
    },
  });
  const smallOnes = small
    ? (LANES: number): Variant => ({
        kernel: tiled,
        overrides: { LANES, ROWS: small.rows, COLUMNS: small.columns },
      })
    : large;
  // LLVM, whose vectors hold eight, carries sums around a loop for nothing, and has no registers for what longer turns hold.
  const turn = tiling.vector > 4 ? Math.max(1, Math.floor((family.terms ?? 1) / 2)) : (family.terms ?? 1);
  const TERMS = Math.min(turn, terms);
  const quad = (LANES: number): Variant =>
    vectors && inVectors
      ? { kernel: vectors, overrides: { LANES, ROWS: 16, COLUMNS: 4, TERMS } }
      : {
          kernel: quads,
          overrides: {
            LANES,
            ROWS: 4 * evenly(ceilDiv(rows, 4), family.quads.rows / 4),
            COLUMNS: evenly(ceilDiv(columns, Math.min(LANES, tiling.vector)), family.quads.columns),
            TERMS,
          },
        };
  // A single row has nothing to trade; what else would be split is summed in order even so.
  const trades = tiling.quads && (rows > 1 || split);
  const sliding =
    windows && stretch !== undefined && trades
      ? (LANES: number): Variant => ({
          kernel: windows,
          overrides: {
            LANES,
            ROWS: 4 * evenly(ceilDiv(rows, 4), family.windows!.block.rows / 4),
            COLUMNS: evenly(stretch, family.windows!.block.columns),
            WINDOW,
          },
        })
      : undefined;
  const threes = ceilDiv(columns, WINDOW);
  const stripped =
    strips && strip !== undefined && trades
      ? (LANES: number): Variant => ({
          kernel: strips,
          overrides: {
            LANES,
            ROWS: 4 * evenly(ceilDiv(rows, 4), family.strips!.rows / 4),
            COLUMNS:
              WINDOW *
              evenly(ceilDiv(threes, Math.min(LANES, tiling.vector)), family.strips!.columns / WINDOW),
            POSITIONS: evenly(strip, POSITIONS),
          },
        })
      : undefined;
  const four =
    fours && inFours && trades && tiling.fours
      ? (LANES: number): Variant => ({
          kernel: fours,
          overrides: {
            LANES,
            ROWS: 4 * evenly(ceilDiv(rows, 4), family.fours!.rows / 4),
            COLUMNS: 4 * evenly(ceilDiv(columns, 4 * LANES), family.fours!.columns / 4),
            TERMS: 1,
          },
        })
      : undefined;
  // Few lanes are those that fill a vector.
  const filling = (own: number) => own > 8 || own === tiling.vector;
  const suits = sliding ?? stripped ?? four ?? (trades ? quad : large);
  const waiting = (LANES: number): Variant[] =>
    staged ? [{ kernel: staged, overrides: { LANES, ROWS: rowsOf(rows, family.staged!), COLUMNS: 1 } }] : [];
  return {
    variants: [
      one,
      ...lanes.filter(filling).flatMap((lanes) => [large(lanes), ...(small ? [smallOnes(lanes)] : [])]),
      ...[
        ...(trades ? [quad] : []),
        ...(sliding ? [sliding] : []),
        ...(stripped ? [stripped] : []),
        ...(four ? [four] : []),
      ].flatMap((variant) => QUAD_LANES.filter(filling).map(variant)),
      ...STAGED_LANES.flatMap(waiting),
    ],
    standard:
      !tiling.software && rows > 1 && staged
        ? waiting(STAGED_LANES[0])[0]
        : !tiling.tiled
          ? one
          : (tiling.software ? suits : smallOnes)(tiling.lanes),
  };
}
