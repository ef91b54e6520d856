#!/usr/bin/env node
// The command. In a clone it is built from src, anew after every change; the npm package brings it built, in dist.
import { existsSync } from "node:fs";

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

if (existsSync(new URL("../src/cli/clone.ts", import.meta.url))) {
  const { runCommand } = await import("./built-command.js");
  await runCommand();
} else {
  const { runCommandLine } = await import(new URL("../dist/cli/main.js", import.meta.url));
  await runCommandLine();
}
