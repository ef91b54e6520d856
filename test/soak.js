// `node test/soak.js --minutes 30 --seed 1`: runs test/soak/main.ts through vite, as bin/alphasweep.js runs the command.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
await runnerImport(`${root}test/soak/main.ts`, { root, configFile: false, logLevel: "error" });
