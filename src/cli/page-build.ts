import type { InlineConfig } from "vite";

/** Builds a page. What fails is thrown, and told by nobody else. */
export async function buildPage(configuration: InlineConfig): Promise<void> {
  const { build } = await import("vite");
  // What a plugin throws ends the build, and is a rejection besides that vite leaves unheard.
  const ignore = (): void => {};
  process.on("unhandledRejection", ignore);
  try {
    await build({ ...configuration, logLevel: "silent" });
  } finally {
    setImmediate(() => process.off("unhandledRejection", ignore));
  }
}
