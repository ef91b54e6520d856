import { lstatSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { UsageError } from "../src/cli/process/failure.ts";
import { reasonOf } from "../src/cli/process/system-error.ts";
import { Replacement } from "../src/results/replacement.ts";

/** A file that a command was told to write, found out about before its work begins: minutes of it should not end in an error. */
export class OutputFile {
  private constructor(
    readonly write: (text: string) => void,
    /** Leaves what there was. */
    readonly abandon: () => void,
  ) {}

  /**
   * Links are followed, devices and pipes written to, files replaced when all of the text is there.
   *
   * @param option what told it, for messages
   * @throws UsageError where nothing can be written there
   */
  static open(path: string, option: string): OutputFile {
    const refusal = (reason: string): string => `${option} ${path} cannot be written: ${reason}`;
    const written = (write: (text: string) => void) => (text: string) => {
      try {
        write(text);
      } catch (error) {
        throw new Error(refusal(reasonOf(error)), { cause: error });
      }
    };
    try {
      if (path === "") throw new Error("it names no file");
      const found = statSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory()) throw new Error("it is a folder");
      if (found && !found.isFile())
        return new OutputFile(
          written((text) => writeFileSync(path, text)),
          () => {},
        );
      const target = found ? realpathSync(path) : path;
      if (!found && lstatSync(path, { throwIfNoEntry: false })) throw new Error("it is a link to nothing");
      const part = Replacement.partOf(target);
      if (lstatSync(part, { throwIfNoEntry: false }))
        throw new Error(`${part} is in its way; move or remove it`);
      const file = new Replacement(target);
      return new OutputFile(
        written((text) => {
          file.append(Buffer.from(text));
          file.finish();
        }),
        () => file.abandon(),
      );
    } catch (error) {
      throw new UsageError(refusal(reasonOf(error)));
    }
  }
}
