/** The static site on a plain file server, at a sub-path: with WebGPU it trains, without it shows what is saved. */

import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { buildSite } from "../../src/cli/site/site-build.ts";
import { quantityNames } from "../../src/quantities/catalogue.ts";
import { expectTidy, openPage, pagesFolder, trained } from "./browser-page.ts";

const path = "/some/where/";
const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};

let folder: string;
let server: Server;
let address: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-site-"));
  await buildSite(folder, {
    page: join(pagesFolder, "index"),
    results: join(packageRoot, "experiments", "results"),
  });
  server = createServer(({ url = "" }, response) => {
    const name = decodeURIComponent(new URL(url, "http://host").pathname);
    const file = join(folder, name.slice(path.length) || "index.html");
    if (!name.startsWith(path) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  browser = await launchBrowser(await ensureBrowser(), "software");
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("it trains, and leads to its documentation", async () => {
  const { page, complaints } = await openPage(browser, address);
  await trained(page);
  await page.waitForSelector("nav a[href='docs/index.html']");
  await page.click("nav a[href='docs/index.html']");
  await page.waitForSelector("h1 ::-p-text(alphasweep)");
  await page.waitForSelector("img");
  await expectTidy(page);
  await page.click("a[href='mathematics.html']");
  await page.waitForSelector("h1 ::-p-text(Mathematics)");
  expect(complaints).toEqual([]);
  await page.close();
});

test("without WebGPU it says so in a line, and shows all that is saved", async () => {
  const { page, complaints } = await openPage(browser, address, {
    prepare: async (page) => {
      await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
    },
  });
  await page.waitForSelector(".gallery .card a[href*=results]");
  expect(await page.$eval("main .problem", ({ textContent }) => textContent)).toMatch(
    /^This browser has no WebGPU: [^\n]*$/,
  );
  const saved = await page.$$eval(".gallery > section .card", (cards) =>
    cards.map((card) => ({
      link: card.querySelector("a")!.href,
      hasClaims: /\d claims?: /.test(card.textContent),
    })),
  );
  expect(saved).toHaveLength(readdirSync(join(packageRoot, "experiments", "results")).length);
  expect(saved.some(({ hasClaims }) => hasClaims)).toBe(true);
  for (const { link, hasClaims } of saved) {
    await page.goto(link);
    await page.waitForSelector("main .figures .drawing svg");
    // Of trainings at a size of their own nobody has said what must hold.
    if (hasClaims) await page.waitForSelector("main .claims");
  }
  expect(complaints).toEqual([]);
  await page.close();
});

test("formulas of the documentation are MathML, within text and apart", () => {
  const text = readFileSync(join(folder, "docs", "quantities.html"), "utf8");
  expect(text.match(/<math display="block"/g)).toHaveLength(quantityNames.length);
  expect(text.match(/<math(?! display="block")/g)!.length).toBeGreaterThan(10);
  expect(text.replace(/<annotation[\s\S]*?<\/annotation>/g, "")).not.toMatch(/\$|\\[a-z]/);
});

test("all its addresses are relative", () => {
  for (const file of readdirSync(join(folder, "docs")).filter((name) => name.endsWith(".html"))) {
    const html = readFileSync(join(folder, "docs", file), "utf8");
    for (const [, target] of html.matchAll(/(?:href|src)="([^"]*)"/g)) {
      expect(target, file).not.toMatch(/^\//);
      if (!/^[a-z]+:|^#/.test(target))
        expect(existsSync(join(folder, "docs", target.split("#")[0])), `${file}: ${target}`).toBe(true);
    }
  }
  expect(readFileSync(join(folder, "index.html"), "utf8")).not.toMatch(/(?:href|src)="\//);
});

test("a folder that is something else is not touched", async () => {
  const other = mkdtempSync(join(tmpdir(), "alphasweep-other-"));
  try {
    await buildSite(join(other, "site"), { page: join(pagesFolder, "index"), results: join(other, "none") });
    await expect(buildSite(other, { page: join(pagesFolder, "index"), results: other })).rejects.toThrow(
      /is not empty and no site/,
    );
  } finally {
    rmSync(other, { recursive: true });
  }
});
