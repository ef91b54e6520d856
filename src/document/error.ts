/** The user's input is wrong: one line that names the place and the mend. The command exits with 2. */
export class DocumentError extends Error {
  override name = "DocumentError";
  /**
   * @param path where: a JSON path ("train.stepSize", "sweep[0].path") or a file
   * @param problem what is there, and what is allowed
   */
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(path ? `${path} ${problem}` : problem);
  }
}
