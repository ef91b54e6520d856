// `node bench/checkpoint-cost.js --pairs 10 --seconds 15`: runs bench/checkpoint-cost.ts through vite, as bin/alphasweep.js runs the command.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
await runnerImport(`${root}bench/checkpoint-cost.ts`, { root, configFile: false, logLevel: "error" });
