// `npm run kernel -- gram`: runs bench/kernel/main.ts through vite, as bin/alphasweep.js runs the command.
import { runSource } from "../bin/sources.js";

await runSource("bench/kernel/main.ts");
