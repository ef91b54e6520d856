import type { Page } from "puppeteer-core";
import type { BrowserCommand } from "vitest/node";

declare module "vitest/internal/browser" {
  interface BrowserCommands {
    /** Bytes of JavaScript objects and array buffers in the page, after its garbage has been collected. */
    usedHeap: () => Promise<number>;
  }
}

export const usedHeap: BrowserCommand<[]> = async (context) => {
  const { page } = context as unknown as { page: Page };
  const session = await page.createCDPSession();
  try {
    // Twice: the first may leave what only finalizers held.
    for (let round = 0; round < 2; round++) await session.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
    return usedSize + backingStorageSize;
  } finally {
    await session.detach();
  }
};
