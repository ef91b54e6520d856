// `node bench/step-plane.js`: runs bench/step-plane.ts through vite, as bin/alphasweep.js runs the command.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
await runnerImport(`${root}bench/step-plane.ts`, { root, configFile: false, logLevel: "error" });
