// `npm test`: runs test/harness/main.ts through vite, as bin/alphasweep.js runs the command.
import { runSource } from "../bin/sources.js";

await runSource("test/harness/main.ts");
