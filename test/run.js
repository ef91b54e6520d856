// `npm test`: runs test/harness/main.ts through vite, as bin/alphasweep.js runs the command.
import { needDevelopmentPackages, runSource } from "../bin/sources.js";

needDevelopmentPackages("npm test");
await runSource("test/harness/main.ts");
