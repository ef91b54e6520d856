/** A small server of files on 127.0.0.1, for pages that this package brings. */

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";

/** What a path stands for: a file, or bytes in memory. */
export type Resource = { file: string; bytes: number } | Uint8Array;

/** Part of the server's paths. */
export interface Mount {
  /** Starts and ends with a slash. */
  path: string;
  /** @returns undefined where there is nothing of the name */
  find(name: string): Promise<Resource | undefined>;
}

export interface Server {
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

const headers = {
  // A page of its own process: fine timers, and threads where it wants them.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
};

/**
 * Serves the mounts; the first whose path fits is asked.
 *
 * @param port 0 for any that is free
 */
export async function serve(mounts: readonly Mount[], port = 0): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, response, mounts, ownHosts((server.address() as AddressInfo).port)).catch(() => {
      if (!response.headersSent) response.writeHead(500, headers);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page elsewhere can make its own name mean 127.0.0.1, but not ask under ours. */
const ownHosts = (port: number): string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  mounts: readonly Mount[],
  hosts: readonly string[],
): Promise<void> {
  const refuse = (status: number): void => void response.writeHead(status, headers).end();
  if (!hosts.includes(request.headers.host ?? "")) return refuse(403);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
  const path = pathOf(request.url ?? "/");
  if (path === undefined) return refuse(400);
  const mount = mounts.find((candidate) => path.startsWith(candidate.path));
  const resource = await mount?.find(path.slice(mount.path.length));
  if (!resource) return refuse(404);

  const size = resource instanceof Uint8Array ? resource.length : resource.bytes;
  const range = rangeOf(request.headers.range, size);
  if (range === "unsatisfiable") {
    response.writeHead(416, { ...headers, "Content-Range": `bytes */${size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: size };
  response.writeHead(range ? 206 : 200, {
    ...headers,
    "Content-Type": types[extname(path)] ?? "application/octet-stream",
    "Content-Length": end - start,
    "Accept-Ranges": "bytes",
    ...(range && { "Content-Range": `bytes ${start}-${end - 1}/${size}` }),
  });
  if (request.method === "HEAD" || start === end) response.end();
  else if (resource instanceof Uint8Array) response.end(resource.subarray(start, end));
  else
    createReadStream(resource.file, { start, end: end - 1 })
      .on("error", () => response.destroy())
      .pipe(response);
}

function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    return path.endsWith("/") ? `${path}index.html` : path;
  } catch {
    return undefined;
  }
}

/** One range of bytes, as readers of Parquet files ask for; several at once are answered with the whole. */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const start = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === "" || match[2] === "" ? size : Math.min(size, Number(match[2]) + 1);
  return start < end ? { start, end } : "unsatisfiable";
}

/**
 * The files of a folder; no name and no link leads out of it.
 *
 * @param serves which names are served, all by default
 */
export const folderMount = (
  path: string,
  directory: string,
  serves: (name: string) => boolean = () => true,
): Mount => ({
  path,
  find: async (name) => {
    if (
      name.includes("\0") ||
      name.includes("\\") ||
      name.split("/").some((part) => part === ".." || part === ".")
    )
      return undefined;
    if (!serves(name)) return undefined;
    try {
      const root = await realpath(directory);
      const file = await realpath(join(root, name));
      if (!file.startsWith(root + sep)) return undefined;
      const found = await stat(file);
      return found.isFile() ? { file, bytes: found.size } : undefined;
    } catch {
      return undefined;
    }
  },
});

/** Bytes in memory, by name. */
export const memoryMount = (path: string, resources: ReadonlyMap<string, Uint8Array>): Mount => ({
  path,
  find: async (name) => resources.get(name),
});
