// `node test/soak.js --minutes 30 --seed 1`: runs test/soak/main.ts through vite, as bin/alphasweep.js runs the command.
import { runSource } from "../bin/sources.js";

await runSource("test/soak/main.ts");
