import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderMount, memoryMount, serve } from "../../src/cli/runtimes/server.ts";
import { temporaryFolder } from "./command.ts";

async function served(): Promise<string> {
  const outside = temporaryFolder();
  writeFileSync(join(outside, "secret.txt"), "secret");
  const folder = temporaryFolder();
  mkdirSync(join(folder, "arrays"));
  writeFileSync(join(folder, "index.html"), "<p>hello");
  writeFileSync(join(folder, "main.js"), "0");
  writeFileSync(join(folder, "arrays", "ntk.npy"), "0123456789");
  writeFileSync(join(folder, "empty.json"), "");
  symlinkSync(join(outside, "secret.txt"), join(folder, "link.txt"));
  symlinkSync(outside, join(folder, "linked"));
  const server = await serve([
    memoryMount("/inputs/", new Map([["name", Buffer.from("bytes")]])),
    folderMount("/only/", folder, (name) => name === "main.js"),
    folderMount("/", folder),
  ]);
  onTestFinished(() => server.close());
  return server.url;
}

/** A request whose path and headers are sent as they are: fetch would tidy them up. */
const raw = (
  url: string,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url);
    request({ host: "127.0.0.1", port, path, headers, method }, (response) => {
      let body = "";
      response.on("data", (bytes: Buffer) => (body += bytes.toString()));
      response.on("end", () => resolve({ status: response.statusCode!, body }));
    })
      .on("error", reject)
      .end();
  });

test("files are served with their types and the headers that isolate the page", async () => {
  const url = await served();
  const page = await fetch(url);
  expect(await page.text()).toBe("<p>hello");
  expect(Object.fromEntries(page.headers)).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "x-content-type-options": "nosniff",
  });
  expect((await fetch(`${url}main.js?v=1`)).headers.get("content-type")).toBe(
    "text/javascript; charset=utf-8",
  );
  expect((await fetch(`${url}arrays/ntk.npy`)).headers.get("content-type")).toBe("application/octet-stream");
  expect(await (await fetch(`${url}empty.json`)).text()).toBe("");
  expect(await (await fetch(`${url}inputs/name`)).text()).toBe("bytes");
});

test.for([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/arrays/../../secret.txt",
  "/..\\secret.txt",
  "/link.txt",
  "/linked/secret.txt",
  "/arrays",
  "/main.js%00.html",
  "//etc/passwd",
  "/only/index.html",
  "/only/arrays/ntk.npy",
  "/inputs/other",
  "/missing",
])("%s is not there", async (path) => {
  const { status, body } = await raw(await served(), path);
  expect([status, body]).toEqual([404, ""]);
});

test("a path that cannot be decoded, another method and another host are refused", async () => {
  const url = await served();
  const { port } = new URL(url);
  expect((await raw(url, "/%zz")).status).toBe(400);
  expect((await raw(url, "/", {}, "POST")).status).toBe(405);
  expect((await raw(url, "/", { Host: `evil.example:${port}` })).status).toBe(403);
  expect((await raw(url, "/", { Host: `localhost:${port}` })).status).toBe(200);
});

test.for([
  ["bytes=2-4", 206, "234"],
  ["bytes=7-", 206, "789"],
  ["bytes=-3", 206, "789"],
  ["bytes=8-100", 206, "89"],
  ["bytes=10-", 416, ""],
  ["bytes=0-1,3-4", 200, "0123456789"],
] as const)("the range %s", async ([range, status, body]) => {
  const response = await fetch(`${await served()}arrays/ntk.npy`, { headers: { range } });
  expect([response.status, await response.text()]).toEqual([status, body]);
});
