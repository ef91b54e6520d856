#!/usr/bin/env node
// The command. In a clone it runs src through vite, which is never stale; in the npm package it runs dist.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`alphasweep needs Node 20.19 or later, and this is ${process.version}`);
  process.exit(1);
}

// Until a command listens itself.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    if (process.listenerCount(signal) > 1) return;
    console.error("interrupted");
    process.exit(130);
  });

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const source = at("src/cli/clone.ts");

if (existsSync(source)) {
  const vite = await import("vite").catch((error) => {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.error(`alphasweep's packages are not installed: run "npm ci" in ${at("")}`);
    process.exit(1);
  });
  // The module does all its work while it is imported: vite's environment, which later imports need, closes after it.
  await vite.runnerImport(source, { root: at(""), configFile: false, logLevel: "error" });
} else {
  const { runCommandLine } = await import(new URL("../dist/cli/main.js", import.meta.url));
  await runCommandLine();
}
