import type { InlineConfig } from "vite";

const { CI } = process.env;

/** Builds a page. What fails is thrown, and told by nobody else. */
export async function buildPage(configuration: InlineConfig): Promise<void> {
  const { build } = await import("vite");
  // What a plugin throws ends the build, and is a rejection besides that vite leaves unheard.
  const ignore = (): void => {};
  process.on("unhandledRejection", ignore);
  // Without it vite clears a terminal's line at every warning, whether it prints that or not.
  process.env.CI = "true";
  try {
    await build({ ...configuration, logLevel: "silent" });
  } finally {
    if (CI === undefined) delete process.env.CI;
    else process.env.CI = CI;
    setImmediate(() => process.off("unhandledRejection", ignore));
  }
}
