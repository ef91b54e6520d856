import { stripVTControlCharacters } from "node:util";
import type { InlineConfig } from "vite";

const { CI } = process.env;

/** A bundler's errors; each may come with colours, the lines of a source, and a trace. */
type BuildError = Error & { errors?: readonly Error[] };

/**
 * Builds a page. What fails is told by nobody else.
 *
 * @throws Error, one line
 */
export async function buildPage(configuration: InlineConfig): Promise<void> {
  const { build } = await import("vite");
  // What a plugin throws ends the build, and is a rejection besides that vite leaves unheard.
  const ignore = (): void => {};
  process.on("unhandledRejection", ignore);
  // Without it vite clears a terminal's line at every warning, whether it prints that or not.
  process.env.CI = "true";
  try {
    await build({ ...configuration, logLevel: "silent" });
  } catch (error) {
    throw new Error(`a page cannot be built: ${problemOf(error as BuildError)}`, { cause: error });
  } finally {
    if (CI === undefined) delete process.env.CI;
    else process.env.CI = CI;
    setImmediate(() => process.off("unhandledRejection", ignore));
  }
}

/** The first thing that has failed; where, and the system's reason, stand among the lines of a source below it. */
function problemOf({ message, errors: [first] = [] }: BuildError): string {
  const [line, ...below] = stripVTControlCharacters(first?.message ?? message)
    .trim()
    .split("\n");
  const source = below.join("\n");
  const [, place] = /\[ (\S+:\d+:\d+) \]/.exec(source) ?? [];
  const [reason] = /[^─│╰\s][^─│╰]*\(os error \d+\)/.exec(source) ?? [];
  return [line, reason, place].filter((part) => part !== undefined).join(", ");
}
