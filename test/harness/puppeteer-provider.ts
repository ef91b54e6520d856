import type * as VitestBrowser from "@vitest/browser";
import type { Browser, Page } from "puppeteer-core";
import type { BrowserProvider } from "vitest/node";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";

/**
 * Named where vite does not see it: a configuration's packages are called by their real names, and where one of those
 * holds a "#" the pages that it serves are not found.
 */
const name = "@vitest/browser";
const { defineBrowserProvider } = (await import(/* @vite-ignore */ name)) as typeof VitestBrowser;

/** Runs vitest's browser tests in real headless Chrome through puppeteer, one page, on the software adapter. */
export const puppeteerProvider = defineBrowserProvider({
  name: "puppeteer",
  supportedBrowser: ["chrome"],
  options: {},
  providerFactory: (): BrowserProvider => {
    let browser: Browser | undefined;
    const pages = new Map<string, Page>();
    return {
      name: "puppeteer",
      supportsParallelism: false,
      getCommandsContext: (session) => ({ page: pages.get(session) }),
      openPage: async (session, url) => {
        browser ??= await launchBrowser(await ensureBrowser(), "software");
        const page = await browser.newPage();
        page.on("console", (message) => {
          if (message.type() === "error") process.stderr.write(`${message.text()}\n`);
        });
        pages.set(session, page);
        await page.goto(url);
      },
      close: async () => {
        await browser?.close();
      },
    };
  },
});
