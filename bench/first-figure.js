// `node bench/first-figure.js --turns 5`: runs bench/first-figure.ts through vite, as bin/alphasweep.js runs the command.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
await runnerImport(`${root}bench/first-figure.ts`, { root, configFile: false, logLevel: "error" });
