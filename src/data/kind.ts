import type * as v from "valibot";
import type { DataSpecification, Extent } from "../document/types.ts";
import type { Dataset, MatrixShape } from "./dataset.ts";

/** The user's files, by the path that the document names them with. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What a specification tells about its data's sizes before they are generated. */
export interface DataShape {
  samples: number;
  inputs: number;
  /** Of samples that are images. */
  image?: Extent;
  /** Targets of a sample. */
  outputs: number;
  testSamples: number;
  /** Of data of matrices, whose entries are the inputs. */
  matrix?: MatrixShape;
}

/**
 * Makes the data of a specification that its kind's `shape` has passed.
 *
 * @param files the user's, and those that the kind has `brought`
 * @throws DocumentError naming the file
 */
export type Generate<Specification = DataSpecification> = (
  specification: Specification,
  files: Files,
) => Dataset;

/** A kind of data: how a document asks for it. */
export interface DataKind<Specification = DataSpecification> {
  readonly kind: DataSpecification["kind"];
  /** Whether the data have a true linear predictor beta*. */
  readonly linear?: boolean | ((specification: Specification) => boolean);
  /** Whether samples are measurements of a matrix. */
  readonly measuresMatrix?: boolean;
  /**
   * Whether inputs are drawn from a density: with probability 1 they are in general position then, and minimum-l1
   * solutions are unique, whatever the targets (Tibshirani 2013 shows it of the lasso).
   */
  readonly inGeneralPosition?: boolean;
  /**
   * The sizes, or undefined where only the files tell; costs nothing.
   *
   * @throws DocumentError where fields that are each allowed contradict one another
   */
  shape(specification: Specification): DataShape | undefined;
  /** What a document must do to have a test set: `set data.testSamples`. Undefined where it has one. */
  lacksTestSet(specification: Specification): string | undefined;
  /** Paths of the files that the specification names, as it names them. */
  files?(specification: Specification): string[];
  /** Files that come with the program, which a page fetches for documents of this kind. */
  brought?(): Promise<Files>;
  /** What makes the data (`<kind>.dataset.ts`), which a page fetches for documents of this kind. */
  generator(): Promise<Generate<Specification>>;
}

/** Declares a data kind; its methods take what its schema gives. */
export const defineData = <const Schema extends v.GenericSchema<unknown, DataSpecification>>(
  kind: DataKind<v.InferOutput<Schema>> & {
    readonly kind: v.InferOutput<Schema>["kind"];
    readonly schema: Schema;
  },
) => kind;
