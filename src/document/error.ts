import { oneLine } from "./shown.ts";

/** The user's input is wrong: one line that names the place and the mend. The command exits with 2. */
export class DocumentError extends Error {
  override name = "DocumentError";
  /**
   * @param path where: a JSON path ("train.stepSize", "sweep[0].path") or a file
   * @param problem what is there, and what is allowed
   * @param file the document that the path leads through, where it is known
   */
  constructor(
    readonly path: string,
    readonly problem: string,
    readonly file?: string,
  ) {
    const place = path ? `${path} ${problem}` : problem;
    super(oneLine(file ? `${file}: ${place}` : place));
  }

  /** The same error, said of a file's document. */
  in(file: string): DocumentError {
    return new DocumentError(this.path, this.problem, file);
  }
}
